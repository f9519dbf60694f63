import { PROTOCOL, u8 } from "../../packet/index.ts";
import { all, any, bits, firstFragment, invertIf, not, opaque, type Predicate } from "../../predicate/index.ts";
import { bounded, someOf, UsageError, type MatchType, type Parsed } from "../../xtables/index.ts";

/** Kernel: struct xt_ecn_info. */
interface Ecn {
  readonly ece: { readonly invert: boolean } | undefined;
  readonly cwr: { readonly invert: boolean } | undefined;
  readonly ect: Parsed<number> | undefined;
}

const ECE = 64;
const CWR = 128;
/** Bytes of a TCP header without options. */
const HEADER = 20;
const FLAGS = 13;
/** The two bits of the type-of-service byte. */
const ECT_MASK = 3;

const grammar = someOf({
  "ecn-tcp-cwr": { invert: true, help: "The TCP flag CWR is set." },
  "ecn-tcp-ece": { invert: true, help: "The TCP flag ECE is set." },
  "ecn-ip-ect": { value: bounded(0, ECT_MASK), invert: true, help: "The two ECN bits of the IP header." },
});

/** Which of ECE and CWR must be set, under a mask. */
function flagsOf({ ece, cwr }: Ecn): { readonly mask: number; readonly value: number } {
  return {
    mask: (ece ? ECE : 0) | (cwr ? CWR : 0),
    value: (ece && !ece.invert ? ECE : 0) | (cwr && !cwr.invert ? CWR : 0),
  };
}

/**
 * A later fragment's first bytes read as a TCP header, which is what the kernel does; in IPv6 it reads the packet's own, because
 * ipv6_find_hdr leaves the offset at 0.
 */
function laterFragment(mask: number, value: number): Predicate {
  return opaque<undefined>({
    name: "ecn in a later fragment",
    about: "bytes of a later fragment taken for a TCP header",
    depends: "packet",
    start: () => undefined,
    step(_, { family, bytes, l4, end }) {
      const at = family === 4 ? l4 : 0;
      return at + HEADER <= end && (u8(bytes, at + FLAGS) & mask) === value;
    },
  });
}

/** `-m ecn`: the ECN bits of IP and TCP. Kernel: xt_ecn.c, ecn_mt4 and ecn_mt6. A cut TCP header does not match, inverted or not. */
export const ecn: MatchType<Ecn> = {
  name: "ecn",
  help: "Match the bits of explicit congestion notification.",
  options: {
    options: grammar.options,
    parse(given, context) {
      const found = grammar.parse(given, context);
      if (Object.keys(found).length === 0) throw new UsageError("ECN match: some option required");
      return { ece: found["ecn-tcp-ece"], cwr: found["ecn-tcp-cwr"], ect: found["ecn-ip-ect"] };
    },
    save({ ece, cwr, ect }) {
      const parts: string[] = [];
      if (ece) parts.push(`${ece.invert ? "! " : ""}--ecn-tcp-ece`);
      if (cwr) parts.push(`${cwr.invert ? "! " : ""}--ecn-tcp-cwr`);
      if (ect) parts.push(`${ect.invert ? "! " : ""}--ecn-ip-ect ${ect.value}`);
      return parts.join(" ");
    },
  },
  check: ({ ece, cwr }, { protocol, protocolInverted }) =>
    (ece || cwr) && (protocol !== PROTOCOL.TCP || protocolInverted) ? "ecn match: cannot match TCP bits for non-tcp packets" : undefined,
  lower(info) {
    const { mask, value } = flagsOf(info);
    const parts: Predicate[] = info.ect ? [invertIf(info.ect.invert, bits("tos", ECT_MASK, info.ect.value))] : [];
    if (mask !== 0) parts.push(any(all(firstFragment, bits("tcpflags", mask, value)), all(not(firstFragment), laterFragment(mask, value))));
    return { predicate: all(...parts) };
  },
  list({ ece, cwr, ect }) {
    const parts = ["ECN match"];
    if (ece) parts.push(`${ece.invert ? "!" : ""}ECE`);
    if (cwr) parts.push(`${cwr.invert ? "!" : ""}CWR`);
    if (ect) parts.push(`${ect.invert ? "!" : ""}ECT=${ect.value}`);
    return parts.join(" ");
  },
};
