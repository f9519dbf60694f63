import { scanUnsigned, someOf, UsageError, type TargetType, type Value } from "../../xtables/index.ts";

const TCP = 6;
const KIND_MAX = 0xff;
/** Kinds 0 and 1, end of list and no-operation, are no options to strip. */
const NO_OPERATION = 1;

const NAMES: ReadonlyMap<string, number> = new Map([
  ["wscale", 3],
  ["mss", 2],
  ["sack-permitted", 4],
  ["sack", 5],
  ["timestamp", 8],
  ["md5", 19],
]);

function parseKind(text: string): number {
  const named = NAMES.get(text);
  if (named !== undefined) return named;
  const scanned = scanUnsigned(text, 0, KIND_MAX);
  if (scanned?.rest !== "") throw new UsageError(`Bad TCP option value "${text}"`);
  if (scanned.value <= NO_OPERATION) throw new UsageError("Option value may not be 0 or 1");
  return scanned.value;
}

const kinds: Value<readonly number[]> = {
  shape: "option[,option...]",
  words: [...NAMES.keys()],
  parse(text) {
    const found = new Set<number>();
    for (const word of text.split(",")) {
      const kind = parseKind(word);
      if (found.has(kind)) throw new UsageError(`Option "${word}" already specified`);
      found.add(kind);
    }
    return [...found].toSorted((a, b) => a - b);
  },
  print: list => list.join(","),
};

const grammar = someOf({ "strip-options": { value: kinds, help: "TCP options to strip, by name or number." } });

/** Kinds in ascending order; none without the option. */
interface TcpOptStrip {
  readonly kinds: readonly number[];
}

const nameOf = (kind: number): string => [...NAMES].find(([, known]) => known === kind)?.[0] ?? `${kind}`;

/** `-j TCPOPTSTRIP`: TCP options become no-operations. Kernel: xt_TCPOPTSTRIP.c, tcpoptstrip_tg4 and tcpoptstrip_tg6. */
export const TCPOPTSTRIP: TargetType<TcpOptStrip> = {
  name: "TCPOPTSTRIP",
  help: "Overwrite TCP options with no-operations.",
  tables: ["mangle"],
  protocols: [TCP],
  options: {
    options: grammar.options,
    parse: (given, context) => ({ kinds: grammar.parse(given, context)["strip-options"]?.value ?? [] }),
    save: info => (info.kinds.length ? `--strip-options ${info.kinds.join(",")}` : ""),
  },
  lower: info => ({ do: "strip", kinds: info.kinds }),
  list: (info, { numeric }) =>
    info.kinds.length ? `TCPOPTSTRIP options ${info.kinds.map(kind => (numeric ? `${kind}` : nameOf(kind))).join(",")}` : "",
};
