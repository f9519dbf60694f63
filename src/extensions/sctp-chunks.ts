import { UsageError } from "../xtables/index.ts";

/** Names that iptables 1.8.9 has for chunk types, in its order, with the letters of the flags it knows, highest bit first. */
export const CHUNK_TYPES: readonly (readonly [name: string, type: number, flags?: string])[] = [
  ["DATA", 0, "----IUBE"],
  ["INIT", 1],
  ["INIT_ACK", 2],
  ["SACK", 3],
  ["HEARTBEAT", 4],
  ["HEARTBEAT_ACK", 5],
  ["ABORT", 6, "-------T"],
  ["SHUTDOWN", 7],
  ["SHUTDOWN_ACK", 8],
  ["ERROR", 9],
  ["COOKIE_ECHO", 10],
  ["COOKIE_ACK", 11],
  ["ECN_ECNE", 12],
  ["ECN_CWR", 13],
  ["SHUTDOWN_COMPLETE", 14, "-------T"],
  ["I_DATA", 64, "----IUBE"],
  ["RE_CONFIG", 130],
  ["PAD", 132],
  ["ASCONF", 193],
  ["ASCONF_ACK", 128],
  ["FORWARD_TSN", 192],
  ["I_FORWARD_TSN", 194],
];

/** A test of a packet's chunk types. Kernel: struct xt_sctp_info. */
export interface ChunkTest {
  readonly mode: "all" | "any" | "only";
  readonly types: ReadonlySet<number>;
  /** What the flags byte of a type must be under a mask; types without an entry may have any. */
  readonly flags: ReadonlyMap<number, { readonly mask: number; readonly value: number }>;
}

const EVERY: ReadonlySet<number> = new Set(Array.from({ length: 256 }, (_, type) => type));

/** Reads `all|any|only` and a list like `DATA:Be,INIT`. Throws UsageError. libxt_sctp: parse_sctp_chunk. */
export function readChunks(mode: string, list: string, warn: (message: string) => void): ChunkTest {
  const known = (["all", "any", "only"] as const).find(each => each === mode.toLowerCase());
  if (!known) throw new UsageError('Match type has to be one of "ALL", "ANY" or "ONLY"');
  if (list.toLowerCase() === "all") return { mode: known, types: EVERY, flags: new Map() };
  if (list.toLowerCase() === "none") return { mode: known, types: new Set(), flags: new Map() };
  const types = new Set<number>();
  const flags = new Map<number, { readonly mask: number; readonly value: number }>();
  for (const word of list.split(",")) {
    if (word === "") continue;
    const colon = word.indexOf(":");
    const name = colon < 0 ? word : word.slice(0, colon);
    const index = CHUNK_TYPES.findIndex(([known]) => known === name.toUpperCase());
    const chunk = CHUNK_TYPES[index];
    if (!chunk) throw new UsageError(`Unknown sctp chunk \`${name}'`);
    const [, type, letters = ""] = chunk;
    types.add(type);
    if (colon < 0 || colon === word.length - 1) continue;
    const wanted = readFlags(word.slice(colon + 1), letters, index, flags.get(type));
    // iptables stores the flags under the name's place in its list, which is the type for the first fifteen only.
    if (type === index) flags.set(type, wanted);
    else warn(`sctp: iptables ignores the flags of ${name}`);
  }
  return { mode: known, types, flags };
}

function readFlags(
  text: string,
  letters: string,
  index: number,
  old = { mask: 0, value: 0 },
): { readonly mask: number; readonly value: number } {
  let { mask, value } = old;
  for (const letter of text) {
    const place = letter === "-" ? -1 : letters.indexOf(letter.toUpperCase());
    if (place < 0) throw new UsageError(`Invalid flags for chunk type ${index}`);
    const bit = 0x80 >> place;
    mask |= bit;
    // A letter in lower case does not take back the same one in upper case.
    if (letter === letter.toUpperCase()) value |= bit;
  }
  return { mask, value };
}

/** `any DATA:Be,INIT`; with numbers for names where `numeric`. */
export function printChunks({ mode, types, flags }: ChunkTest, numeric: boolean): string {
  if (types.size === EVERY.size) return `${mode} ALL`;
  if (types.size === 0) return `${mode} NONE`;
  const shown = [...types]
    .toSorted((a, b) => a - b)
    .map(type => {
      const [name = "", , letters = ""] = CHUNK_TYPES.find(([, known]) => known === type) ?? [];
      const test = flags.get(type);
      return `${numeric ? `0x${type.toString(16).toUpperCase().padStart(4, "0")}` : name}${test ? `:${printFlags(test, letters)}` : ""}`;
    });
  return `${mode} ${shown.join(",")}`;
}

function printFlags({ mask, value }: { readonly mask: number; readonly value: number }, letters: string): string {
  let text = "";
  for (let place = 0; place < 8; place++) {
    const bit = 0x80 >> place;
    const letter = letters[place] ?? "";
    if (mask & bit) text += value & bit ? letter : letter.toLowerCase();
  }
  return text;
}

/**
 * Do the chunks from `at` to `end` satisfy the test? `broken` when the walk meets a chunk that is cut within its four bytes or says length 0
 * before it knows: the kernel then drops the packet. Kernel: xt_sctp.c, match_packet.
 */
export function walkChunks(bytes: Uint8Array, at: number, end: number, { mode, types, flags }: ChunkTest): boolean | "broken" {
  const missing = mode === "all" ? new Set(types) : undefined;
  let offset = at;
  do {
    const type = bytes[offset];
    const length = ((bytes[offset + 2] ?? 0) << 8) | (bytes[offset + 3] ?? 0);
    if (type === undefined || offset + 4 > end || length === 0) return "broken";
    const test = flags.get(type);
    const fits = test === undefined || ((bytes[offset + 1] ?? 0) & test.mask) === test.value;
    if (types.has(type)) {
      if (mode === "any" && fits) return true;
      if (mode === "only" && !fits) return false;
      if (fits) missing?.delete(type);
    } else if (mode === "only") return false;
    offset += (length + 3) & ~3;
  } while (offset < end);
  return mode === "only" || missing?.size === 0;
}
