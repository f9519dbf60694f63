import { DOCUMENT_KINDS, type Documents } from "../state/documents.ts";

/** What a share link holds. */
export interface Shared {
  readonly name: string;
  readonly texts: Partial<Documents>;
  /** What was asked of Trace, in the packet notation. */
  readonly question?: string;
}

/** The word before a link's contents in the page's address: its number is the version of what follows. */
const KEY = "f1";

/** Longest contents of a link, in characters, and most that they may unfold to, in bytes: links come from strangers. */
export const LINK_MAX = 4_000_000;
export const TEXT_MAX = 64_000_000;

/** Longest name that is shown, and longest question that is taken, in characters. */
const NAME_MAX = 200;
const QUESTION_MAX = 20_000;

/** The contents of a link, for behind the `#` of the page's address: JSON, deflated, in base64url. */
export async function writeLink({ name, texts, question }: Shared): Promise<string> {
  const held = Object.fromEntries(DOCUMENT_KINDS.flatMap(kind => (texts[kind] ? [[kind, texts[kind]]] : [])));
  const packed = await through(
    new TextEncoder().encode(JSON.stringify({ name, ...held, ...(question && { question }) })),
    new CompressionStream("deflate-raw"),
    Infinity,
  );
  return `${KEY}=${toBase64(packed)}`;
}

/** What stood behind the `#`; undefined where that is no share link. Throws an Error that says what is wrong with one. */
export async function readLink(hash: string): Promise<Shared | undefined> {
  const text = hash.startsWith("#") ? hash.slice(1) : hash;
  const [, version, contents] = /^f(\d{1,3})=([^&]*)/.exec(text) ?? [];
  if (version === undefined || contents === undefined) return undefined;
  if (`f${version}` !== KEY) throw new Error("the link was made by a later version of this page");
  if (contents.length > LINK_MAX) throw new Error(`the link is longer than ${LINK_MAX.toLocaleString("en-GB")} characters`);
  const bytes = fromBase64(contents);
  if (bytes === undefined) throw new Error("the link is damaged: it holds characters that do not belong there");
  return sharedOf(await unpacked(bytes));
}

async function unpacked(bytes: Uint8Array<ArrayBuffer>): Promise<unknown> {
  let plain: Uint8Array;
  try {
    plain = await through(bytes, new DecompressionStream("deflate-raw"), TEXT_MAX);
  } catch (fault) {
    if (fault instanceof TooMuch) throw fault;
    throw new Error("the link is damaged, or a part of it is missing", { cause: fault });
  }
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(plain));
  } catch {
    throw new Error("the link is damaged: it holds no texts");
  }
}

function sharedOf(value: unknown): Shared {
  if (typeof value !== "object" || value === null) throw new Error("the link holds no texts");
  const found = new Map(Object.entries(value));
  const texts: { -readonly [Kind in keyof Documents]?: string } = {};
  for (const kind of DOCUMENT_KINDS) {
    const text: unknown = found.get(kind);
    if (typeof text === "string") texts[kind] = text;
  }
  if (Object.keys(texts).length === 0) throw new Error("the link holds no texts");
  const name: unknown = found.get("name");
  const question: unknown = found.get("question");
  return {
    name: typeof name === "string" && name !== "" ? name.slice(0, NAME_MAX) : "a shared ruleset",
    texts,
    ...(typeof question === "string" && question !== "" && { question: question.slice(0, QUESTION_MAX) }),
  };
}

/** What unfolds to more than anybody's rules. */
class TooMuch extends Error {
  constructor(most: number) {
    super(`the link unfolds to more than ${most.toLocaleString("en-GB")} bytes`);
    this.name = "TooMuch";
  }
}

/** Bytes through a stream, at most so many of them: reading stops as soon as there are more. */
async function through(bytes: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream, most: number): Promise<Uint8Array> {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > most) {
      void reader.cancel().catch(() => undefined);
      throw new TooMuch(most);
    }
    parts.push(value);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const STRIDE = 0x8000;

function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += STRIDE) text += String.fromCharCode(...bytes.subarray(at, at + STRIDE));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) return undefined;
  try {
    return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), char => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}
