import { all, among, any, bits, equal, firstFragment, invertIf, not, present, type Predicate } from "../../predicate/index.ts";
import { TCP_FLAG_NAMES } from "../../packet/index.ts";
import { bounded, orderedPorts, parseBounded, someOf, UsageError, type MatchType, type Value } from "../../xtables/index.ts";
import { listPort, lowerPort, portOptions, portTest, refuseTwice, savePort, type PortTest } from "../port-test.ts";

/** What the flag byte must be under a mask. */
interface Flags {
  readonly mask: number;
  readonly compare: number;
}

/** Kernel: struct xt_tcp. */
interface Tcp {
  readonly source: PortTest;
  readonly destination: PortTest;
  readonly flags: Flags & { readonly invert: boolean };
  readonly option: { readonly kind: number; readonly invert: boolean } | undefined;
}

const TCP = 6;
/** Bytes of a TCP header without options. */
const HEADER = 20;
const ALL = TCP_FLAG_NAMES.reduce((sum, [, bit]) => sum | bit, 0);
const SYN: Flags = { mask: 0x17, compare: 0x02 };
const WORDS = [...TCP_FLAG_NAMES, ["ALL", ALL], ["NONE", 0]] as const;

/** `SYN,ACK`; empty words between commas count for nothing. */
function parseFlags(text: string): number {
  let bits = 0;
  for (const word of text.split(",")) {
    if (word === "") continue;
    const known = WORDS.find(([name]) => name === word.toUpperCase());
    if (!known) throw new UsageError(`Unknown TCP flag \`${word}'`);
    bits |= known[1];
  }
  return bits;
}

function printFlags(bits: number): string {
  const names = TCP_FLAG_NAMES.filter(([, bit]) => (bits & bit) !== 0).map(([name]) => name);
  return names.length ? names.join(",") : "NONE";
}

const tcpFlags: Value<Flags> = {
  shape: "mask comp",
  words: WORDS.map(([name]) => name),
  parse(text) {
    const blank = text.indexOf(" ");
    if (blank < 0) throw new UsageError("--tcp-flags requires two args.");
    return { mask: parseFlags(text.slice(0, blank)), compare: parseFlags(text.slice(blank + 1)) };
  },
  print: ({ mask, compare }) => `${printFlags(mask)} ${printFlags(compare)}`,
};

const optionKind: Value<number> = {
  ...bounded(1, 0xff),
  shape: "number",
  parse(text, context) {
    try {
      return parseBounded(text, 1, 0xff, context);
    } catch {
      throw new UsageError(`Bad TCP option "${text}"`);
    }
  },
};

const grammar = someOf({
  ...portOptions(orderedPorts("tcp")),
  "tcp-flags": { value: tcpFlags, arity: 2, invert: true, help: "Of the flags in the mask exactly these are set." },
  syn: { invert: true, help: "A SYN without ACK, RST and FIN: the packet that opens a connection." },
  "tcp-option": { value: optionKind, invert: true, help: "The header carries an option of this kind." },
});

const TWICE = [
  [["source-port", "sport"], "Only one `--source-port' allowed"],
  [["destination-port", "dport"], "Only one `--destination-port' allowed"],
  [["tcp-flags", "syn"], "Only one of `--syn' or `--tcp-flags'  allowed"],
  [["tcp-option"], "Only one `--tcp-option' allowed"],
] as const;

/** Ports and flags, asked before the options: only a packet that passes them can be dropped for its options. */
function lowerHeader({ source, destination, flags }: Tcp): Predicate[] {
  const parts = [lowerPort("sport", source), lowerPort("dport", destination)].filter(({ is }) => is !== "constant");
  return flags.mask === 0 && flags.compare === 0 && !flags.invert
    ? parts
    : [...parts, invertIf(flags.invert, bits("tcpflags", flags.mask, flags.compare))];
}

const ANY_FLAGS: Tcp["flags"] = { mask: 0, compare: 0, invert: false };
/** A header that is cut short. */
const REFUSED_6: Predicate = all(firstFragment, among("l4length", [0, HEADER - 1]));
/** The same, or a fragment that overwrites the flags: in IPv6 the kernel's offset is in bytes and never 1. */
const REFUSED_4: Predicate = any(equal("fragoff", 1), REFUSED_6);

/**
 * `-m tcp`: ports, flags and options of TCP. Kernel: xt_tcpudp.c, tcp_mt. An IPv4 fragment at offset 8 bytes, a cut header, and cut
 * options where a rule asks for one are dropped at once; any other later fragment does not match, inverted or not.
 */
export const tcp: MatchType<Tcp> = {
  name: "tcp",
  help: "Match ports, flags and options of TCP.",
  protocols: [TCP],
  options: {
    options: grammar.options,
    parse(given, context) {
      refuseTwice(given, TWICE, before => grammar.parse(before, context));
      const found = grammar.parse(given, context);
      const flags = found.syn ? { ...SYN, invert: found.syn.invert } : ANY_FLAGS;
      return {
        source: portTest(found["source-port"]),
        destination: portTest(found["destination-port"]),
        flags: found["tcp-flags"] ? { ...found["tcp-flags"].value, invert: found["tcp-flags"].invert } : flags,
        option: found["tcp-option"] && { kind: found["tcp-option"].value, invert: found["tcp-option"].invert },
      };
    },
    save({ source, destination, option, flags }, family) {
      const parts = [...savePort("sport", source), ...savePort("dport", destination)];
      if (option) parts.push(`${option.invert ? "! " : ""}--tcp-option ${option.kind}`);
      if (flags.mask !== 0 || flags.invert) parts.push(`${flags.invert ? "! " : ""}--tcp-flags ${tcpFlags.print(flags, family)}`);
      return parts.join(" ");
    },
  },
  lower(info, { family }) {
    const header = lowerHeader(info);
    const { option } = info;
    const refused = family === 4 ? REFUSED_4 : REFUSED_6;
    if (!option) return { predicate: all(firstFragment, ...header), hotdrop: refused };
    const kind = 1n << BigInt(option.kind);
    return {
      predicate: all(firstFragment, ...header, invertIf(option.invert, bits("tcpoptions", kind, kind))),
      hotdrop: any(refused, all(firstFragment, ...header, not(present("tcpoptions")))),
    };
  },
  list({ source, destination, option, flags }, listing) {
    const parts = ["tcp", ...listPort("spt", source, "tcp", listing), ...listPort("dpt", destination, "tcp", listing)];
    if (option) parts.push(`option=${option.invert ? "!" : ""}${option.kind}`);
    if (flags.mask !== 0 || flags.invert) {
      const shown = listing.numeric ? hexFlags : printFlags;
      parts.push(`flags:${flags.invert ? "!" : ""}${shown(flags.mask)}/${shown(flags.compare)}`);
    }
    return parts.join(" ");
  },
};

function hexFlags(bits: number): string {
  return `0x${bits.toString(16).toUpperCase().padStart(2, "0")}`;
}
