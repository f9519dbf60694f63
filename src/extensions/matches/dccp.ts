import { DCCP_HEADER, DCCP_TYPE, PROTOCOL } from "../../packet/index.ts";
import { all, among, any, firstFragment, invertIf, opaque, type Predicate, type Range } from "../../predicate/index.ts";
import { bounded, loosePorts, printBits, someOf, UsageError, type MatchType, type Parsed, type Value } from "../../xtables/index.ts";
import { findDccpOption } from "../dccp-options.ts";
import { listPort, lowerPort, portOptions, portTest, savePortAlways, type PortTest } from "../port-test.ts";

/** Kernel: struct xt_dccp_info. */
interface Dccp {
  readonly source: PortTest | undefined;
  readonly destination: PortTest | undefined;
  /** One bit for each type. */
  readonly types: Parsed<number> | undefined;
  readonly option: Parsed<number> | undefined;
}

/** The types without a name. */
const INVALID = 0xfc00;
const NAMES = [...Object.entries(DCCP_TYPE).map(([name, type]) => [name, 1 << type] as const), ["INVALID", INVALID] as const];
const TYPES = 16;

const packetTypes: Value<number> = {
  shape: "type[,type]",
  words: NAMES.map(([name]) => name),
  parse(text) {
    let bits = 0;
    for (const word of text.split(",")) {
      if (word === "") continue;
      const known = NAMES.find(([name]) => name === word.toUpperCase());
      if (!known) throw new UsageError(`Unknown DCCP type \`${word}'`);
      bits |= known[1];
    }
    return bits;
  },
  print: bits => printBits(bits, NAMES),
};

const grammar = someOf({
  ...portOptions(loosePorts),
  "dccp-types": { value: packetTypes, invert: true, help: "The packet is of one of these types; INVALID stands for those without a name." },
  "dccp-option": { value: bounded(1, 0xff), invert: true, help: "The header carries an option of this kind." },
});

const typesOf = (bits: number): number[] => Array.from({ length: TYPES }, (_, type) => type).filter(type => (bits & (1 << type)) !== 0);

/** Ports and types, asked before the option: only a packet that passes them can be dropped for its options. */
function lowerHeader({ source, destination, types }: Dccp): Predicate[] {
  const parts: Predicate[] = [];
  if (source) parts.push(lowerPort("sport", source));
  if (destination) parts.push(lowerPort("dport", destination));
  if (types) parts.push(invertIf(types.invert, among("dccptype", ...typesOf(types.value).map((type): Range => [type, type]))));
  return parts;
}

function lowerOption(kind: number, question: "holds" | "broken"): Predicate {
  return opaque<undefined>({
    name: question === "holds" ? "dccp" : "dccp broken",
    about: question === "holds" ? `DCCP option ${kind}` : "the DCCP options are cut",
    depends: "packet",
    start: () => undefined,
    step: (_, { bytes, l4, end }) => findDccpOption(bytes, l4, end, kind) === (question === "holds" ? true : "broken"),
  });
}

/**
 * `-m dccp`: ports, packet types and options of DCCP. Kernel: xt_dccp.c, dccp_mt. A later fragment does not match; a packet with a cut header,
 * or with cut options where a rule asks for one, is dropped.
 */
export const dccp: MatchType<Dccp> = {
  name: "dccp",
  help: "Match ports, packet types and options of DCCP.",
  protocols: [PROTOCOL.DCCP],
  options: {
    options: grammar.options,
    parse(given, context) {
      const found = grammar.parse(given, context);
      return {
        source: found["source-port"] && portTest(found["source-port"]),
        destination: found["destination-port"] && portTest(found["destination-port"]),
        types: found["dccp-types"],
        option: found["dccp-option"],
      };
    },
    save({ source, destination, types, option }, family) {
      const parts = [...(source ? [savePortAlways("sport", source)] : []), ...(destination ? [savePortAlways("dport", destination)] : [])];
      if (types) parts.push(`${types.invert ? "! " : ""}--dccp-types ${packetTypes.print(types.value, family)}`);
      if (option) parts.push(`${option.invert ? "! " : ""}--dccp-option ${option.value}`);
      return parts.join(" ");
    },
  },
  lower(info) {
    const header = lowerHeader(info);
    const { option } = info;
    const cut = all(firstFragment, among("l4length", [0, DCCP_HEADER - 1]));
    if (!option) return { predicate: all(firstFragment, ...header), hotdrop: cut };
    return {
      predicate: all(firstFragment, ...header, invertIf(option.invert, lowerOption(option.value, "holds"))),
      hotdrop: any(cut, all(firstFragment, ...header, lowerOption(option.value, "broken"))),
    };
  },
  list({ source, destination, types, option }, listing, family) {
    const parts = ["dccp"];
    if (source) parts.push(...listPort("spt", source, "dccp", listing));
    if (destination) parts.push(...listPort("dpt", destination, "dccp", listing));
    if (types)
      parts.push(`${types.invert ? "! " : ""}${listing.numeric ? typesOf(types.value).join(",") : packetTypes.print(types.value, family)}`);
    if (option) parts.push(`option=${option.invert ? "!" : ""}${option.value}`);
    return parts.join(" ");
  },
};
