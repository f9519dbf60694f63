import { PROTOCOL, protocolName } from "../../packet/index.ts";
import { all, among, any, firstFragment, invertIf } from "../../predicate/index.ts";
import { parsePort, someOf, UsageError, type IntegerRange, type MatchType, type NameTables, type Value } from "../../xtables/index.ts";
import { portName } from "../port-test.ts";

/** Kernel: struct xt_multiport_v1. */
interface Multiport {
  readonly side: "sports" | "dports" | "ports";
  readonly ranges: readonly IntegerRange[];
  readonly invert: boolean;
  /** Number of -p. */
  readonly protocol: number;
}

/** A port takes one slot, a range two. Kernel: XT_MULTI_PORTS. */
const XT_MULTI_PORTS = 15;
/** Bytes of the two ports. */
const HEADER = 4;
const PROTOCOLS: readonly number[] = [PROTOCOL.TCP, PROTOCOL.UDP, PROTOCOL.UDPLITE, PROTOCOL.SCTP, PROTOCOL.DCCP];

/** `80,443:450`. Throws UsageError. libxt_multiport: parse_multi_ports_v1. */
function parseList(text: string, protocol: string, names: NameTables): readonly IntegerRange[] {
  const ranges: IntegerRange[] = [];
  let slots = 0;
  for (const word of text.split(",", XT_MULTI_PORTS + 1)) {
    if (slots >= XT_MULTI_PORTS) throw new UsageError("too many ports specified");
    const colon = word.indexOf(":");
    if (colon >= 0 && slots === XT_MULTI_PORTS - 1) throw new UsageError("too many ports specified");
    const low = parsePort(colon < 0 ? word : word.slice(0, colon), protocol, names);
    if (colon < 0) {
      ranges.push([low, low]);
      slots += 1;
      continue;
    }
    const high = parsePort(word.slice(colon + 1), protocol, names);
    if (low >= high) throw new UsageError("invalid portrange specified");
    ranges.push([low, high]);
    slots += 2;
  }
  return ranges;
}

const portList: Value<readonly IntegerRange[]> = {
  shape: "port[,port:port...]",
  parse: (text, { names, protocol }) => parseList(text, protocolName(Number(protocol)) ?? protocol.toLowerCase(), names),
  print: ranges => ranges.map(([low, high]) => (low === high ? `${low}` : `${low}:${high}`)).join(","),
};

const grammar = someOf({
  "source-ports": {
    value: portList,
    aliases: ["sports", "source-port"],
    invert: true,
    excludes: ["destination-ports", "ports"],
    help: "The source port is in the list.",
  },
  "destination-ports": {
    value: portList,
    aliases: ["dports", "destination-port"],
    invert: true,
    excludes: ["source-ports", "ports"],
    help: "The destination port is in the list.",
  },
  ports: {
    value: portList,
    aliases: ["port"],
    invert: true,
    excludes: ["source-ports", "destination-ports"],
    help: "One of the two ports is in the list.",
  },
});

/**
 * `-m multiport`: up to 15 ports. Kernel: xt_multiport.c, multiport_mt. A later fragment does not match, inverted or not; a packet too
 * short for its ports is dropped at once.
 */
export const multiport: MatchType<Multiport> = {
  name: "multiport",
  help: "Match up to 15 ports, a range counting as two.",
  options: {
    options: grammar.options,
    parse(given, context) {
      if (given.length === 0) throw new UsageError("multiport expection an option");
      if (context.protocol === "all" || context.protocol === "0")
        throw new UsageError("multiport needs `-p tcp', `-p udp', `-p udplite', `-p sctp' or `-p dccp'");
      const found = grammar.parse(given, context);
      for (const [option, side] of [
        ["source-ports", "sports"],
        ["destination-ports", "dports"],
        ["ports", "ports"],
      ] as const) {
        const parsed = found[option];
        if (parsed) return { side, ranges: parsed.value, invert: parsed.invert, protocol: 0 };
      }
      throw new UsageError("multiport expection an option");
    },
    save: ({ side, ranges, invert }, family) => `${invert ? "! " : ""}--${side} ${portList.print(ranges, family)}`,
  },
  finish(info, { protocol, protocolInverted }) {
    if (protocolInverted || !PROTOCOLS.includes(protocol))
      throw new UsageError("multiport only works with TCP, UDP, UDPLITE, SCTP and DCCP");
    return { ...info, protocol };
  },
  lower({ side, ranges, invert }) {
    const source = among("sport", ...ranges);
    const destination = among("dport", ...ranges);
    const listed = side === "sports" ? source : side === "dports" ? destination : any(source, destination);
    return { predicate: all(firstFragment, invertIf(invert, listed)), hotdrop: all(firstFragment, among("l4length", [0, HEADER - 1])) };
  },
  list({ side, ranges, invert, protocol }, listing) {
    const name = protocolName(protocol) ?? "";
    const shown = ranges.map(([low, high]) => (low === high ? [low] : [low, high]).map(port => portName(port, name, listing)).join(":"));
    return `multiport ${side} ${invert ? " !" : ""}${shown.join(",")}`;
  },
};
