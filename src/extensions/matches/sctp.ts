import { all, among, any, firstFragment, invertIf, opaque, type Opaque, type Predicate } from "../../predicate/index.ts";
import { orderedPorts, someOf, UsageError, type MatchType, type Parsed, type Value } from "../../xtables/index.ts";
import { listPort, lowerPort, portOptions, portTest, refuseTwice, savePortAlways, type PortTest } from "../port-test.ts";
import { CHUNK_TYPES, printChunks, readChunks, walkChunks, type ChunkTest } from "../sctp-chunks.ts";

/** Kernel: struct xt_sctp_info. */
interface Sctp {
  readonly source: PortTest | undefined;
  readonly destination: PortTest | undefined;
  readonly chunks: Parsed<ChunkTest> | undefined;
}

const SCTP = 132;
/** Bytes of the SCTP common header. */
const HEADER = 12;

const chunkTypes: Value<ChunkTest> = {
  shape: "all|any|only chunks",
  words: ["all", "any", "only", ...CHUNK_TYPES.map(([name]) => name)],
  parse(text, { warn }) {
    const blank = text.indexOf(" ");
    if (blank < 0) throw new UsageError("--chunk-types requires two args");
    return readChunks(text.slice(0, blank), text.slice(blank + 1), warn);
  },
  print: test => printChunks(test, false),
};

const grammar = someOf({
  ...portOptions(orderedPorts("sctp")),
  "chunk-types": {
    value: chunkTypes,
    arity: 2,
    invert: true,
    help: "All, any or only of these chunks are in the packet; flags after a colon, upper case set, lower case not.",
  },
});

const TWICE = [
  [["source-port", "sport"], "Only one `--source-port' allowed"],
  [["destination-port", "dport"], "Only one `--destination-port' allowed"],
  [["chunk-types"], "Only one `--chunk-types' allowed"],
] as const;

function lowerPorts({ source, destination }: Sctp): Predicate[] {
  return [...(source ? [lowerPort("sport", source)] : []), ...(destination ? [lowerPort("dport", destination)] : [])];
}

/** The chunks as a function of the packet's bytes: whether they hold, or whether walking them met a cut or empty one. */
function lowerChunks(test: ChunkTest, question: "holds" | "broken"): Predicate {
  const step: Opaque<undefined> = {
    name: question === "holds" ? "sctp" : "sctp broken",
    about: question === "holds" ? `SCTP chunks: ${printChunks(test, false)}` : "an SCTP chunk is cut or empty",
    depends: "packet",
    start: () => undefined,
    step: (_, { bytes, l4, end }) => walkChunks(bytes, l4 + HEADER, end, test) === (question === "holds" ? true : "broken"),
  };
  return opaque(step);
}

/**
 * `-m sctp`: ports and chunks of SCTP. Kernel: xt_sctp.c, sctp_mt. A later fragment does not match; a packet with a cut header, or with
 * a cut or empty chunk before the question is answered, is dropped at once.
 */
export const sctp: MatchType<Sctp> = {
  name: "sctp",
  help: "Match ports and chunks of SCTP.",
  protocols: [SCTP],
  options: {
    options: grammar.options,
    parse(given, context) {
      refuseTwice(given, TWICE, before => grammar.parse(before, context));
      const found = grammar.parse(given, context);
      return {
        source: found["source-port"] && portTest(found["source-port"]),
        destination: found["destination-port"] && portTest(found["destination-port"]),
        chunks: found["chunk-types"],
      };
    },
    save({ source, destination, chunks }, family) {
      const parts = [...(source ? [savePortAlways("sport", source)] : []), ...(destination ? [savePortAlways("dport", destination)] : [])];
      if (chunks) parts.push(`${chunks.invert ? "! " : ""}--chunk-types ${chunkTypes.print(chunks.value, family)}`);
      return parts.join(" ");
    },
  },
  lower(info) {
    const ports = lowerPorts(info);
    const { chunks } = info;
    const cut = all(firstFragment, among("l4length", [0, HEADER - 1]));
    if (!chunks) return { predicate: all(firstFragment, ...ports), hotdrop: cut };
    return {
      predicate: all(firstFragment, ...ports, invertIf(chunks.invert, lowerChunks(chunks.value, "holds"))),
      hotdrop: any(cut, all(firstFragment, ...ports, lowerChunks(chunks.value, "broken"))),
    };
  },
  list({ source, destination, chunks }, listing) {
    const parts = ["sctp"];
    if (source) parts.push(...listPort("spt", source, "sctp", listing));
    if (destination) parts.push(...listPort("dpt", destination, "sctp", listing));
    if (chunks) parts.push(`${chunks.invert ? "! " : ""}${printChunks(chunks.value, listing.numeric)}`);
    return parts.join(" ");
  },
};
