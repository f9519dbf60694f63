import { ALL_PORTS, intervals, type IntervalSet } from "../../packet/index.ts";
import type { Rule } from "../../ruleset/index.ts";
import { headerWords } from "../../ruleset/index.ts";

/** Slots of one list of ports; a range takes two. Kernel: xt_multiport.h, XT_MULTI_PORTS. */
const XT_MULTI_PORTS = 15;

/** Protocols whose ports a list can test. iptables: libxt_multiport.c, check_proto. */
const LISTABLE: ReadonlySet<number> = new Set([6, 17, 33, 132, 136]);

type End = "source" | "destination";

const ENDS: ReadonlyMap<string, End> = new Map([
  ["--sport", "source"],
  ["--sports", "source"],
  ["--dport", "destination"],
  ["--dports", "destination"],
]);

/** A rule that tests ports of one end once, taken apart. */
export interface PortWords {
  readonly end: End;
  readonly ports: IntervalSet<number>;
  /** Everything else of the rule; rules with the same key differ in their ports only. */
  readonly key: string;
  /** The rule with other ports, of as many slots as one list has. */
  text(ports: IntervalSet<number>): string;
}

/** The ports that a rule tests, where they could be merged with those of another rule. */
export function portWords({ header, matches, target }: Rule): PortWords | undefined {
  const { protocol } = header;
  if (!protocol || protocol.invert || !LISTABLE.has(protocol.number)) return undefined;
  let found: { readonly at: number; readonly end: End; readonly ports: IntervalSet<number>; readonly rest: readonly string[] } | undefined;
  for (const [at, { save, lowered }] of matches.entries()) {
    if (lowered.remark !== undefined) continue;
    const words = save.split(" ");
    for (const [index, word] of words.entries()) {
      const end = ENDS.get(word);
      if (end === undefined) continue;
      const ports = words[index - 1] === "!" ? undefined : readPorts(words[index + 1] ?? "");
      if (found || ports === undefined) return undefined;
      found = { at, end, ports, rest: [...words.slice(0, index), ...words.slice(index + 2)] };
    }
    if (words.includes("--ports")) return undefined;
  }
  if (!found) return undefined;
  const { at, end, ports, rest } = found;
  const isList = matches[at]?.save.includes(`--${end === "source" ? "sports" : "dports"} `) ?? false;
  // A list beside nothing else of its match.
  const kept = isList ? [] : rest;
  const before = [...headerWords(header), ...matches.slice(0, at).map(({ save }) => save)];
  const behind = [...matches.slice(at + 1).map(({ save }) => save), ...(target ? [target.save] : [])];
  const letter = end === "source" ? "s" : "d";
  return {
    end,
    ports,
    key: [end, ...before, ...kept, "…", ...behind].join(" "),
    text(merged) {
      const only = merged.length === 1 ? merged[0] : undefined;
      const tested =
        only && !isList
          ? [...kept, `--${letter}port ${only[0] === only[1] ? only[0] : `${only[0]}:${only[1]}`}`]
          : [...kept, `-m multiport --${letter}ports ${merged.map(([low, high]) => (low === high ? low : `${low}:${high}`)).join(",")}`];
      return [...before, ...tested, ...behind].join(" ");
    },
  };
}

/** Do the ports fit in one list? */
export function fits(ports: IntervalSet<number>): boolean {
  return ports.reduce((sum, [low, high]) => sum + (low === high ? 1 : 2), 0) <= XT_MULTI_PORTS;
}

/** `22`, `80:90` or `22,80:90` as iptables saves ports; undefined for what says something else. */
function readPorts(text: string): IntervalSet<number> | undefined {
  const ranges: [number, number][] = [];
  for (const part of text.split(",")) {
    const [low = "", high = low, more] = part.split(":");
    const [from, to] = [Number(low), Number(high)];
    if (low === "" || high === "" || more !== undefined || !Number.isInteger(from) || !Number.isInteger(to) || from > to) return undefined;
    ranges.push([from, to]);
  }
  const [[least = 0, most = 0] = []] = ALL_PORTS;
  return ranges.every(([low, high]) => least <= low && high <= most) ? intervals(...ranges) : undefined;
}
