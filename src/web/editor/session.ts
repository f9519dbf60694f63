import { effect } from "@preact/signals";
import { DOCUMENT_KINDS, documents, isEdited, NO_DOCUMENTS, opened, openEdited, origin, type Documents } from "../state/documents.ts";
import { note } from "./note.ts";

const KEY = "ferrule.unsaved";

/** Longer texts are not kept between visits: browsers give a page about five million characters. */
const KEPT_MAX = 2_000_000;

const PAUSE = 800;

interface Kept {
  readonly name: string;
  readonly texts: Documents;
  readonly opened: Documents;
}

/** Keeps unsaved work in the browser's storage, so that closing the page loses nothing; files of a server are the server's. */
export function keepUnsaved(): void {
  /** Is all that was typed in the storage, as far as it goes there? */
  let isKept = true;
  const keep = (): void => {
    const { name, paths, readOnly } = origin.peek();
    if (documents.peek() === NO_DOCUMENTS || paths !== undefined || readOnly !== undefined) return;
    if (isEdited.peek()) isKept = store({ name, texts: documents.peek(), opened: opened.peek() });
    else {
      forget();
      isKept = true;
    }
  };
  effect(() => {
    void [documents.value, origin.value, opened.value];
    const timer = setTimeout(keep, PAUSE);
    return () => clearTimeout(timer);
  });
  addEventListener("pagehide", keep);
  addEventListener("beforeunload", event => {
    keep();
    // What does not fit into the storage would be lost: the browser asks first.
    if (!isKept) event.preventDefault();
  });
}

/** Puts work into the storage; false where there is none, or no room in it. */
function store(kept: Kept): boolean {
  const size = Object.values(kept.texts).reduce((sum, text: string) => sum + text.length, 0);
  if (size > KEPT_MAX) {
    forget();
    return false;
  }
  // Of long texts only what they are now: what they were is shown as nothing.
  const before = size * 2 > KEPT_MAX ? NO_DOCUMENTS : kept.opened;
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...kept, opened: before }));
    return true;
  } catch {
    return false;
  }
}

/** Unsaved work was put away for good. */
export function forget(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing is kept where there is no storage.
  }
}

/** Opens what was unsaved when the page was closed last; false where nothing was. */
export function restoreUnsaved(): boolean {
  const kept = readKept();
  if (kept === undefined) return false;
  openEdited(kept.opened, kept.texts, { name: kept.name, readOnly: undefined });
  note.value = {
    tone: "note",
    lines: ["This is what you had changed and not saved when the page was closed. Open begins with something else."],
  };
  return true;
}

function readKept(): Kept | undefined {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? "null");
    if (typeof value !== "object" || value === null) return undefined;
    const { name, texts, opened: before } = value as Record<string, unknown>;
    return typeof name === "string" && isDocuments(texts) && isDocuments(before) ? { name, texts, opened: before } : undefined;
  } catch {
    return undefined;
  }
}

function isDocuments(value: unknown): value is Documents {
  if (typeof value !== "object" || value === null) return false;
  const texts = value as Record<string, unknown>;
  return DOCUMENT_KINDS.every(kind => typeof texts[kind] === "string");
}
