import { batch, signal, type Signal } from "@preact/signals";
import type { FileEntry } from "../../report/serve/index.ts";
import type { TakenText } from "../editor/taken.ts";
import { EXAMPLES } from "../examples/index.ts";
import { link } from "../remote/state.ts";
import { rulesWork } from "../work/workers.ts";
import { chosenOrder, compared, otherRules, shownFamily, type OtherRules } from "./state.ts";
import { reasonOf } from "../work/reason.ts";

/** What went wrong when rules were taken, or what is to be said of them. */
export const takingNote: Signal<string> = signal("");

/** A file that is longer is refused. */
const FILE_MAX = 20_000_000;

/** Counts what was chosen: what comes late does not take the place of what was chosen after it. */
let turn = 0;

/** Compares with the document as it was opened. */
export function takeOpened(): void {
  turn++;
  batch(() => {
    otherRules.value = undefined;
    chosenOrder.value = undefined;
    compared.value = "rulesets";
    takingNote.value = "";
  });
}

/** Compares with a text. False where it holds no rules; the note says why. */
export function takeText(name: string, text: string): Promise<boolean> {
  return takeAll([{ name, read: () => Promise.resolve(text) }]);
}

/** Compares with files: one of a family, or one of each. */
export async function takeFiles(files: readonly File[]): Promise<void> {
  await takeAll(files.map(file => ({ name: file.name, read: () => textOf(file) })));
}

function textOf(file: File): Promise<string> {
  if (file.size > FILE_MAX) return Promise.reject(new Error(`it is larger than ${FILE_MAX / 1_000_000} MB`));
  return file.text();
}

/** A text on its way, and what it is called. */
interface Source {
  readonly name: string;
  read(): Promise<string>;
}

async function takenText(name: string, read: Source["read"]): Promise<TakenText> {
  try {
    return await rulesWork().takeText(name, await read());
  } catch (fault) {
    return { refused: reasonOf(fault) };
  }
}

async function takeAll(sources: readonly Source[]): Promise<boolean> {
  const mine = ++turn;
  const found: { name: string; rules4: string; rules6: string } = { name: "", rules4: "", rules6: "" };
  const said: string[] = [];
  for (const { name, read } of sources) {
    const taken = await takenText(name, read);
    if (mine !== turn) return false;
    if ("refused" in taken) {
      said.push(`${name} was not taken: ${taken.refused}.`);
      continue;
    }
    const { rules4, rules6 } = taken.texts;
    if (rules4 === undefined && rules6 === undefined) {
      said.push(`${name} holds no rules.`);
      continue;
    }
    said.push(...taken.notes);
    found.name = found.name === "" ? name : `${found.name} and ${name}`;
    found.rules4 = rules4 ?? found.rules4;
    found.rules6 = rules6 ?? found.rules6;
  }
  if (found.name !== "") take(found);
  takingNote.value = said.join(" ");
  return found.name !== "";
}

function take(rules: OtherRules): void {
  batch(() => {
    otherRules.value = rules;
    chosenOrder.value = undefined;
    compared.value = "rulesets";
    shownFamily.value = rules.rules4 === "" ? 6 : 4;
    takingNote.value = "";
  });
}

/** Compares with an example. */
export async function takeExample(id: string): Promise<void> {
  const example = EXAMPLES.find(each => each.id === id);
  if (!example) return;
  const mine = ++turn;
  try {
    const { rules4 = "", rules6 = "" } = await example.load();
    if (mine === turn) take({ name: example.title, rules4, rules6 });
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
  const { server } = now;
  await takeAll([{ name: path, read: async () => (await server.file(path)).text }]);
}
