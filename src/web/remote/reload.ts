import { batch } from "@preact/signals";
import { PAGE_TEXTS, type PageText, type PageTexts, type ServedDocument } from "../../report/serve/index.ts";
import { documents, opened, origin } from "../state/documents.ts";
import { RemoteFault } from "./remote.ts";
import { link, message, standing, tell } from "./state.ts";

/** Files that are being saved, with the change that was told of them meanwhile, which may be the save's own. */
const held = new Map<string, string | null | undefined>();

/** Changes of a file wait until the function that is returned is called. */
export function holdChanges(path: string): () => void {
  held.set(path, undefined);
  return () => {
    const hash = held.get(path);
    held.delete(path);
    if (hash !== undefined) void fileChanged(path, hash);
  };
}

/** A file of the root has another content, or is gone: shown at once where nothing is unsaved, otherwise offered. */
export async function fileChanged(path: string, hash: string | null): Promise<void> {
  if (held.has(path)) return void held.set(path, hash);
  const kind = PAGE_TEXTS.find(each => origin.value.paths?.[each] === path);
  if (kind === undefined || hash === standing.value.hashes[kind]) return;
  if (hash === null) return tell("warn", `${path} is gone from the disk. Save makes it again.`);
  if (documents.value[kind] === opened.value[kind]) return await takeFromDisk(kind, path);
  offer(`${path} was changed on disk, and here.`, () => void takeFromDisk(kind, path));
}

/** Replaces a text by what its file holds now. */
export async function takeFromDisk(kind: PageText, path: string): Promise<void> {
  const { value: now } = link;
  if (now.state === "none") return;
  try {
    const file = await now.server.file(path);
    // Another document may be open by now, or the person may have gone on writing.
    if (origin.value.paths?.[kind] !== path) return;
    replace({ [kind]: file.text }, { [kind]: file.hash });
    message.value = undefined;
  } catch (fault) {
    if (!(fault instanceof RemoteFault)) throw fault;
    tell("fault", `${path} cannot be opened: ${fault.message}.`);
  }
}

/** A firewall of the command line was read again. */
export function documentChanged(found: ServedDocument): void {
  if (found.id !== standing.value.id) return;
  if (found.fault !== null) return tell("warn", `${found.fault}. What was read before is shown.`);
  const changed = PAGE_TEXTS.filter(kind => found.texts[kind] !== opened.value[kind] && !isOwnFile(kind));
  if (changed.length === 0) return;
  const take = (): void => {
    message.value = undefined;
    replace(Object.fromEntries(changed.map(kind => [kind, found.texts[kind]])), found.hashes);
  };
  if (changed.every(kind => documents.value[kind] === opened.value[kind])) take();
  else offer(`${found.name} was changed on disk, and here.`, take);
}

/** Of a file under the root its own event tells. */
const isOwnFile = (kind: PageText): boolean => origin.value.paths?.[kind] !== undefined;

/** Texts as they are outside; the editor keeps its place. */
export function replace(texts: Partial<PageTexts>, hashes: Readonly<Partial<Record<PageText, string>>>): void {
  batch(() => {
    documents.value = { ...documents.value, ...texts };
    opened.value = { ...opened.value, ...texts };
    const { id, hashes: known } = standing.value;
    origin.value = { ...origin.value, served: { id, hashes: { ...known, ...hashes } } };
  });
}

function offer(text: string, act: () => void): void {
  message.value = { tone: "warn", text, actions: [{ label: "Take the text from the disk", act }] };
}
