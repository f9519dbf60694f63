import {
  documents,
  isEdited,
  NO_DOCUMENTS,
  opened,
  openDocuments,
  openEdited,
  origin,
  type Documents,
  type Origin,
} from "../state/documents.ts";
import { droppedCapture } from "../state/dropped.ts";
import { view } from "../state/view.ts";
import { EXAMPLES } from "../examples/index.ts";
import { openScriptText } from "../remote/opening.ts";
import { link } from "../remote/state.ts";
import { printable } from "../../report/index.ts";
import { queue } from "../work/in-turn.ts";
import { reasonOf } from "../work/reason.ts";
import { rulesWork } from "../work/workers.ts";
import { isCapture } from "./capture-file.ts";
import { note, type Note } from "./note.ts";
import type { TakenText } from "./taken.ts";

/** Text files longer than this are refused: the page would be busy with them for minutes. */
const FILE_MAX = 100_000_000;

/** What is opened waits for what was opened before it: a large file that was dropped first must not take the place of a later one. */
const inTurn = queue();

/** Opens files: captures go to Replay, texts become the page's, each where it belongs; what they do not hold stays as it is. */
export const openFiles = (files: readonly File[]): Promise<void> => inTurn(() => takeFiles(files));

/** Opens a text that was pasted. False where it was none; the note says why. */
export const openPasted = (text: string): Promise<boolean> => inTurn(() => takePasted(text));

async function takeFiles(files: readonly File[]): Promise<void> {
  let texts: Partial<Documents> = {};
  const machines: { readonly name: string; readonly text: string }[] = [];
  const names: string[] = [];
  const lines: string[] = [];
  let failed = false;
  let script: { readonly name: string; readonly text: string } | undefined;
  for (const file of files) {
    const name = printable(file.name);
    const { text, taken } = await takenFrom(file);
    if (taken === "capture") {
      droppedCapture.value = file;
      view.value = "replay";
      continue;
    }
    if ("refused" in taken) {
      failed = true;
      lines.push(`${name} was not opened: ${taken.refused}.`);
      if (taken.script && link.value.state === "open") script = { name, text };
      continue;
    }
    if (taken.texts.host === undefined) texts = { ...texts, ...taken.texts };
    else machines.push({ name, text });
    names.push(name);
    lines.push(...taken.notes.map(each => `${name}: ${each}`));
  }
  for (const machine of machines) {
    const added = await withMachine(texts, machine.text);
    if ("fault" in added) {
      failed = true;
      lines.push(`${machine.name} was not opened: line ${added.line}: ${added.fault}.`);
    } else texts = { ...texts, ...added.texts };
  }
  const made = openTaken(texts, names.join(" and "));
  const run = script;
  const action = run ? { label: `Run ${run.name} in the server's sandbox`, act: () => void openScriptText(run) } : made?.action;
  tell(failed ? "fault" : "note", [...lines, ...(made?.lines ?? [])], action);
}

/** A file's text, and what it was taken for. */
async function takenFrom(file: File): Promise<{ readonly text: string; readonly taken: TakenText | "capture" }> {
  try {
    if (await isCapture(file)) return { text: "", taken: "capture" };
    if (file.size > FILE_MAX) return { text: "", taken: { refused: `it is larger than ${FILE_MAX / 1_000_000} MB` } };
    const text = await file.text();
    return { text, taken: await rulesWork().takeText(file.name, text) };
  } catch (fault) {
    return { text: "", taken: { refused: `it cannot be read (${reasonOf(fault)})` } };
  }
}

async function takePasted(text: string): Promise<boolean> {
  const taken = await rulesWork().takeText("", text);
  if ("refused" in taken) {
    tell("fault", [`What was pasted was not opened: ${taken.refused}.`]);
    return false;
  }
  const added = taken.texts.host === undefined ? taken : await withMachine({}, text);
  if ("fault" in added) {
    tell("fault", [`What was pasted was not opened: line ${added.line}: ${added.fault}.`]);
    return false;
  }
  const made = openTaken(added.texts, "pasted rules");
  tell("note", [...taken.notes, ...(made?.lines ?? [])], made?.action);
  return true;
}

function tell(tone: Note["tone"], lines: readonly string[], action?: Note["action"]): void {
  note.value = lines.length === 0 ? undefined : { tone, lines, ...(action && { action }) };
}

/** What a machine's text says, together with what is known of the machine already: `ip -j addr` and `ip -j route` say each a part of it. */
async function withMachine(
  texts: Partial<Documents>,
  text: string,
): Promise<{ readonly texts: Partial<Documents> } | { readonly fault: string; readonly line: number }> {
  const base = hasRules(texts) ? NO_DOCUMENTS : documents.value;
  const answer = await rulesWork().importHost({ ...base, ...texts }, text);
  if ("fault" in answer) return answer;
  return {
    texts: { ...(answer.host !== undefined && { host: answer.host }), ...(answer.sets !== undefined && { sets: answer.sets }) },
  };
}

const hasRules = ({ rules4, rules6 }: Partial<Documents>): boolean => rules4 !== undefined || rules6 !== undefined;

/**
 * Rules begin a new firewall, except where they are what an open one lacks: its other family. Sets and a machine without rules join the one that
 * is open. Gives what is to be told, and how to take it back.
 */
function openTaken(texts: Partial<Documents>, name: string): Pick<Note, "lines" | "action"> | undefined {
  if (Object.keys(texts).length === 0) return undefined;
  const before = { texts: documents.value, opened: opened.value, origin: origin.value, wasEdited: isEdited.value };
  if (!hasRules(texts)) {
    if (before.origin.readOnly === undefined) documents.value = { ...documents.value, ...texts };
    else openDocuments({ ...documents.value, ...texts }, before.origin);
    return undefined;
  }
  if (belongsBeside(texts, before.texts, before.origin)) {
    documents.value = { ...documents.value, ...texts };
    const family = texts.rules6 === undefined ? 4 : 6;
    return {
      lines: [`The IPv${family} rules of ${name} stand beside the IPv${10 - family} rules of ${before.origin.name}.`],
      action: { label: "Open them alone", act: () => openDocuments(texts, { name, readOnly: undefined }) },
    };
  }
  openDocuments(texts, { name, readOnly: undefined });
  if (!before.wasEdited) return undefined;
  return {
    lines: [`What you had changed in ${before.origin.name} was put away.`],
    action: {
      label: "Bring it back",
      act: () => openEdited(before.opened, before.texts, before.origin),
    },
  };
}

/** Rules of one family, where a firewall of the other one alone is open that is no example. */
function belongsBeside({ rules4, rules6 }: Partial<Documents>, open: Documents, { name, readOnly }: Origin): boolean {
  if (readOnly !== undefined || EXAMPLES.some(({ title }) => title === name)) return false;
  if (rules4 !== undefined && rules6 !== undefined) return false;
  return rules6 === undefined ? open.rules4 === "" && open.rules6 !== "" : open.rules6 === "" && open.rules4 !== "";
}
