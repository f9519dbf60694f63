import { batch } from "@preact/signals";
import { PAGE_TEXTS, type PageText } from "../../report/serve/index.ts";
import { documents, opened, origin } from "../state/documents.ts";
import { RemoteFault } from "./remote.ts";
import { link, message, standing, tell, tellBriefly } from "./state.ts";
import { holdChanges, takeFromDisk } from "./reload.ts";

/** What became of a save. `unplaced` are edited texts that have no file yet. */
export interface SaveResult {
  readonly saved: readonly PageText[];
  readonly unplaced: readonly PageText[];
}

/** Saves every edited text that has a file under the root; a file that changed meanwhile is not overwritten unless the person says so. */
export async function saveEdited(): Promise<SaveResult> {
  const edited = PAGE_TEXTS.filter(kind => documents.value[kind] !== opened.value[kind]);
  const paths = origin.value.paths ?? {};
  const saved: PageText[] = [];
  for (const kind of edited) {
    const path = paths[kind];
    if (path !== undefined && (await saveOne(kind, path, standing.value.hashes[kind]))) saved.push(kind);
  }
  if (saved.length > 0) tellBriefly(`Saved ${saved.map(kind => paths[kind]).join(", ")}.`);
  return { saved, unplaced: edited.filter(kind => paths[kind] === undefined) };
}

/** Saves a text as a new file, which it belongs to from then on. */
export async function saveAs(kind: PageText, path: string): Promise<boolean> {
  const done = await saveOne(kind, path, undefined);
  if (done) tellBriefly(`Saved ${path}.`);
  return done;
}

async function saveOne(kind: PageText, path: string, over: string | undefined): Promise<boolean> {
  const { value: now } = link;
  if (now.state === "none") return false;
  const text = documents.value[kind];
  const heard = holdChanges(path);
  try {
    const { hash } = await now.server.save(path, text, over);
    batch(() => {
      const { readOnly, paths } = origin.value;
      // A copy of rules that are read-only is a file as any other, but what is shown stays what it is.
      if (readOnly !== undefined) return;
      opened.value = { ...opened.value, [kind]: text };
      const { id, hashes } = standing.value;
      origin.value = { ...origin.value, paths: { ...paths, [kind]: path }, served: { id, hashes: { ...hashes, [kind]: hash } } };
    });
    return true;
  } catch (fault) {
    if (!(fault instanceof RemoteFault)) throw fault;
    if (fault.code === "conflict") conflict(kind, path, fault.hash ?? null, over === undefined);
    else tell("fault", `${path} is not saved: ${fault.message}.`);
    return false;
  } finally {
    heard();
  }
}

/** Somebody else wrote the file: their text, or this one? */
function conflict(kind: PageText, path: string, hash: string | null, made: boolean): void {
  const retry = (over: string | undefined) => (): void => {
    message.value = undefined;
    void saveOne(kind, path, over).then(done => {
      if (done) tellBriefly(`Saved ${path}.`);
    });
  };
  const mine = { label: hash === null ? "Make it again" : "Overwrite it", act: retry(hash ?? undefined) };
  const theirs = { label: "Open it, without my changes", act: () => void takeFromDisk(kind, path) };
  message.value = {
    tone: "warn",
    text: made
      ? `${path} exists already, so it is not saved.`
      : hash === null
        ? `${path} is gone from the disk, so it is not saved.`
        : `${path} was changed on disk since it was opened, so it is not saved.`,
    actions: hash === null || made ? [mine] : [theirs, mine],
  };
}
