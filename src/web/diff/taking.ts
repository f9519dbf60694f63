import { batch, signal, type Signal } from "@preact/signals";
import type { FileEntry } from "../../report/serve/index.ts";
import { EXAMPLES } from "../examples/index.ts";
import { link } from "../remote/state.ts";
import { rulesWork } from "../work/workers.ts";
import { chosenOrder, compared, otherRules, shownFamily } from "./state.ts";

/** What went wrong when rules were taken, or what is to be said of them. */
export const takingNote: Signal<string> = signal("");

/** A file that is longer is refused. */
const FILE_MAX = 20_000_000;

/** Compares with the document as it was opened. */
export function takeOpened(): void {
  batch(() => {
    otherRules.value = undefined;
    chosenOrder.value = undefined;
    compared.value = "rulesets";
    takingNote.value = "";
  });
}

/** Compares with a text. */
export async function takeText(name: string, text: string): Promise<boolean> {
  const taken = await rulesWork().takeText(name, text);
  if ("refused" in taken) {
    takingNote.value = `${name} was not taken: ${taken.refused}.`;
    return false;
  }
  const { rules4 = "", rules6 = "" } = taken.texts;
  if (rules4 === "" && rules6 === "") {
    takingNote.value = `${name} holds no rules.`;
    return false;
  }
  take(name, rules4, rules6);
  takingNote.value = taken.notes.join(" ");
  return true;
}

function take(name: string, rules4: string, rules6: string): void {
  batch(() => {
    otherRules.value = { name, rules4, rules6 };
    chosenOrder.value = undefined;
    compared.value = "rulesets";
    shownFamily.value = rules4 === "" ? 6 : 4;
    takingNote.value = "";
  });
}

/** Compares with files: one of a family, or one of each. */
export async function takeFiles(files: readonly File[]): Promise<void> {
  const texts = { rules4: "", rules6: "" };
  const names: string[] = [];
  const said: string[] = [];
  for (const file of files) {
    if (file.size > FILE_MAX) {
      said.push(`${file.name} is larger than ${FILE_MAX / 1_000_000} MB.`);
      continue;
    }
    const taken = await rulesWork().takeText(file.name, await file.text());
    if ("refused" in taken) said.push(`${file.name} was not taken: ${taken.refused}.`);
    else if (taken.texts.rules4 === undefined && taken.texts.rules6 === undefined) said.push(`${file.name} holds no rules.`);
    else {
      names.push(file.name);
      said.push(...taken.notes);
      texts.rules4 = taken.texts.rules4 ?? texts.rules4;
      texts.rules6 = taken.texts.rules6 ?? texts.rules6;
    }
  }
  if (names.length > 0) take(names.join(" and "), texts.rules4, texts.rules6);
  takingNote.value = said.join(" ");
}

/** Compares with an example. */
export async function takeExample(id: string): Promise<void> {
  const example = EXAMPLES.find(each => each.id === id);
  if (!example) return;
  try {
    const { rules4 = "", rules6 = "" } = await example.load();
    take(example.title, rules4, rules6);
  } catch {
    takingNote.value = "The example could not be loaded. Is the page's server still there?";
  }
}

/** Rulesets of the server's folder; none where there is no server. */
export async function servedRules(): Promise<readonly FileEntry[]> {
  const { value: now } = link;
  if (now.state !== "open" || now.workspace.root === null) return [];
  const { files } = await now.server.files();
  return files.filter(({ kind }) => kind === "save" || kind === "specs" || kind === "list");
}

/** Compares with a file of the server. */
export async function takeServed(path: string): Promise<void> {
  const { value: now } = link;
  if (now.state === "none") return;
  try {
    const { text } = await now.server.file(path);
    await takeText(path, text);
  } catch (fault) {
    takingNote.value = `${path} could not be read: ${fault instanceof Error ? fault.message : String(fault)}.`;
  }
}
