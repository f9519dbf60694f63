import { Tcp, u16, u8 } from "../packet/index.ts";
import type { Facts } from "../predicate/index.ts";

/** What a window is compared with: a number, a multiple of the segment size or of the packet size, or every multiple of a number. Kernel: enum nf_osf_window_size_options. */
export interface WindowTest {
  readonly kind: "plain" | "mss" | "mtu" | "modulo";
  readonly value: number;
}

/** How the SYN of one operating system looks. Kernel: struct nf_osf_user_finger. */
export interface Fingerprint {
  readonly window: WindowTest;
  readonly ttl: number;
  readonly dontFragment: boolean;
  /** Bytes of the whole packet. */
  readonly size: number;
  /** Kinds and lengths of the TCP options, in order. */
  readonly options: readonly { readonly kind: number; readonly length: number }[];
  readonly genre: string;
  readonly version: string;
  readonly subtype: string;
}

/** How the time to live is compared: the same, at most, or not at all. Kernel: NF_OSF_TTL_TRUE, LESS, NOCHECK. */
export type TtlTest = "true" | "less" | "no";

const WINDOWS: Readonly<Record<string, WindowTest["kind"]>> = { S: "mss", T: "mtu", "%": "modulo" };
/** The options that a list may name, and their lengths. */
const OPTIONS: Readonly<Record<string, { readonly kind: number; readonly length: number }>> = {
  N: { kind: 1, length: 1 },
  M: { kind: 2, length: 4 },
  W: { kind: 3, length: 3 },
  S: { kind: 4, length: 2 },
  T: { kind: 8, length: 10 },
  E: { kind: 0, length: 1 },
};
const MOST_OPTION_BYTES = 40;
/** Fields of a line. */
const FIELDS = 9;

/**
 * Reads fingerprints as OpenBSD's pf.os has them: `window:ttl:df:size:options:genre:version:subtype:details`, one on a line, `#` begins a
 * comment. Other lines are left out. utils/nfnl_osf.c, osf_load_line.
 */
export function readFingerprints(text: string): Fingerprint[] {
  return text.split("\n").flatMap(line => readFingerprint(line) ?? []);
}

function readFingerprint(line: string): Fingerprint | undefined {
  if (line.startsWith("#")) return undefined;
  const fields = line.split(":", FIELDS + 1);
  if (fields.length !== FIELDS) return undefined;
  const [window = "", ttl = "", df = "", size = "", list = "", genre = "", version = "", subtype = ""] = fields;
  return {
    window: readWindow(window),
    ttl: leadingNumber(ttl) & 0xff,
    dontFragment: (leadingNumber(df) & 0xff) !== 0,
    size: leadingNumber(size) & 0xffff,
    options: readOptions(list),
    genre: genre.replace(/^[@*]/, ""),
    version,
    subtype,
  };
}

const leadingNumber = (text: string): number => Number(/^\s*\d{1,10}/.exec(text)?.[0] ?? 0);

function readWindow(text: string): WindowTest {
  const kind = WINDOWS[text[0] ?? ""];
  return kind ? { kind, value: leadingNumber(text.slice(1).replace(/^%/, "")) } : { kind: "plain", value: leadingNumber(text) };
}

/** `M1460,S,T,N,W2`; words that name no option count for nothing, and neither do the numbers: the kernel compares kinds. */
function readOptions(list: string): Fingerprint["options"] {
  return list.split(",", MOST_OPTION_BYTES).flatMap(word => OPTIONS[word.trim()[0] ?? ""] ?? []);
}

/** Segment sizes that some modems put in place of the true one. Kernel: SMART_MSS_1, SMART_MSS_2. */
const MODEM_SIZES = [1460, 1448];
const HEADERS = 40;
const MSS = 2;

function windowHolds({ kind, value }: WindowTest, window: number, mss: number): boolean {
  switch (kind) {
    case "plain":
      return value === 0 || window === value;
    case "mss":
      return [mss, ...MODEM_SIZES].some(size => window === value * size);
    case "mtu":
      return [mss, ...MODEM_SIZES].some(size => window === value * (size + HEADERS));
    case "modulo":
      return value !== 0 && window % value === 0;
  }
}

/** Is the packet a SYN with this fingerprint? Kernel: nfnetlink_osf.c, nf_osf_match_one. */
export function isFingerprint(fingerprint: Fingerprint, ttlTest: TtlTest, { bytes, l4, end }: Facts): boolean {
  const header = Tcp.at(bytes, l4, end);
  if (!header || (u8(bytes, l4 + 13) & 2) === 0) return false;
  const { ttl, dontFragment, size, options, window } = fingerprint;
  const optionBytes = Math.max((u8(bytes, l4 + 12) >> 4) * 4 - 20, 0);
  if (l4 + 20 + optionBytes > end || u16(bytes, 2) !== size || ((u8(bytes, 6) & 0x40) !== 0) !== dontFragment) return false;
  const found = u8(bytes, 8);
  if (ttlTest === "true" ? found !== ttl : ttlTest === "less" && found > ttl) return false;
  if (optionBytes > MOST_OPTION_BYTES || options.reduce((sum, { length }) => sum + length, 0) !== optionBytes) return false;
  let at = l4 + 20;
  let mss = 0;
  for (const { kind, length } of options) {
    if (u8(bytes, at) !== kind) return false;
    if (kind === MSS) mss = u16(bytes, at + 2);
    at += length;
  }
  return windowHolds(window, u16(bytes, l4 + 14), mss);
}
