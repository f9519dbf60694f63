import type { FileText, Saved } from "../../report/serve/index.ts";
import { familyOf, splitFamilies } from "../../syntax/index.ts";
import { fileKind, isNewName, whyReadOnly } from "./file-kind.ts";
import { locked } from "./file-lock.ts";
import { placeOf } from "./place.ts";
import { replaceFile } from "./replace-file.ts";
import { Refusal } from "./refusal.ts";
import { readPlain, within, type Content, type Root } from "./root.ts";
import { hashOf } from "./token.ts";

/** A file under the root, as the page opens it. Throws a Refusal. */
export async function readFileAt(root: Root, path: string): Promise<FileText> {
  const place = placeOf(path);
  const content = await within(root, place, folder => readPlain(folder, place.name));
  if (!content) throw new Refusal("not-found", "there is no such file");
  const text = textOf(content.bytes);
  const kind = fileKind(place.name, text);
  const both = splitFamilies(text) ?? null;
  const readOnly = whyReadOnly(kind) ?? (both ? MIXED : null);
  return { path, text, hash: hashOf(content.bytes), kind: kind ?? null, family: familyOf(text, path), both, readOnly };
}

/** The hash of a file under the root; null for none, and for what cannot be read. */
export async function hashAt(root: Root, path: string): Promise<string | null> {
  try {
    const place = placeOf(path);
    const content = await within(root, place, folder => readPlain(folder, place.name));
    return content ? hashOf(content.bytes) : null;
  } catch {
    return null;
  }
}

/** Which content a save expects to find: the one with this hash, or none. */
export type Expected = { readonly hash: string } | "none";

/** Saves happen one after the other, so that each has its memory to itself. */
let before: Promise<unknown> = Promise.resolve();

/**
 * Puts a text in place of what a file held, whole or not at all. Throws a Refusal: `conflict` when the file does not hold what the page
 * has seen, and for what is never written: links, scripts, hidden names, names that are for something else.
 */
export function saveFile(root: Root, path: string, bytes: Uint8Array, expected: Expected): Promise<Saved> {
  const place = placeOf(path);
  const saved = before.then(() =>
    within(root, place, folder =>
      locked(folder, place.name, async (): Promise<Saved> => {
        const there = await readPlain(folder, place.name);
        if (hashIn(there) !== (expected === "none" ? null : expected.hash)) throw conflict(there);
        const why = whyNot(place.name, bytes, there);
        if (why !== undefined) throw new Refusal("read-only", why);
        if (!(await replaceFile(folder, place.name, bytes, there?.stats))) throw conflict(await readPlain(folder, place.name));
        return { path, hash: hashOf(bytes) };
      }),
    ),
  );
  before = saved.catch(() => undefined);
  return saved;
}

const hashIn = (there: Content | undefined): string | null => (there ? hashOf(there.bytes) : null);

const conflict = (there: Content | undefined): Refusal =>
  new Refusal("conflict", there ? "the file has changed on disk" : "the file is gone", hashIn(there));

/** Resolves when no save is under way. */
export async function savesDone(): Promise<void> {
  await before;
}

function whyNot(name: string, bytes: Uint8Array, there: Content | undefined): string | undefined {
  if (!there && !isNewName(name)) return "a new file is named .rules, .v4, .v6, .save, .ipset, .json or .txt";
  const why = there && whyReadOnly(fileKind(name, textOf(there.bytes)));
  if (why !== undefined) return why;
  // Nothing that a shell would take for its own, nor what could not be saved again.
  return whyReadOnly(fileKind(name, textOf(bytes))) && "what is saved must be rules, sets or a host file";
}

const MIXED = "this file holds the rules of both families: what is edited here would not fit back into it";

/** The text in bytes; a Refusal when they are none. A byte-order mark stays. */
export function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refusal("not-text", "this is no UTF-8 text");
  }
}
