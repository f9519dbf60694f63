import type { Family } from "../predicate/index.ts";
import { ZERO, type InterfaceTest, type Rule } from "../ruleset/index.ts";
import { optionName, UsageError, type Given, type Match } from "../xtables/index.ts";
import type { Loaded } from "./spoken.ts";

/** Protocol matches that iptables-nft turns into nf_tables expressions of its own, with what it says where -p is missing. iptables: nft.c, add_nft_tcpudp. */
const NATIVE: ReadonlyMap<string, readonly [protocol: number, sentence: string]> = new Map([
  ["tcp", [6, "TCP match requires '-p tcp'"]],
  ["udp", [17, "UDP match requires '-p udp'"]],
]);

/** Targets that the kernel has no module for, because legacy tables have them built in. */
const BUILT_IN_ONLY: ReadonlySet<string> = new Set(["QUEUE"]);

/** Targets that become an nf_tables expression and may therefore stand in any table. */
const ANYWHERE: ReadonlySet<string> = new Set(["TRACE"]);

/** What iptables-nft 1.8.9 refuses beyond what legacy refuses. Throws UsageError. */
export function checkForNft({ header, matches }: Rule): void {
  for (const { name, save } of matches) {
    const native = NATIVE.get(name);
    if (native && save !== `-m ${name}` && header.protocol?.number !== native[0]) throw new UsageError(native[1]);
  }
}

/** Does the match become an nf_tables expression? An empty one does not, nor one that asks for a TCP option. */
const isNative = ({ name, save }: Match): boolean => NATIVE.has(name) && save !== `-m ${name}` && !save.includes(" --tcp-option ");

/**
 * Matches that become nf_tables expressions come back as one match for each protocol, at the place of the first; of options said twice the
 * last counts. The list itself when there is nothing to merge. iptables: nft-shared.c, nft_parse_tcp_udp_range and its like.
 */
export function mergedForNft(said: readonly Loaded[], matches: readonly Match[]): readonly Loaded[] {
  const loaded = said.map((one, i) => withoutZeroRanges(one, matches[i]));
  const merged = new Map<string, Loaded>();
  const out: Loaded[] = [];
  for (const [i, one] of loaded.entries()) {
    const match = matches[i];
    const before = match && isNative(match) ? merged.get(match.name) : undefined;
    if (before) {
      const own = (given: Given): string => optionName(one.type?.options.options ?? {}, given.option) ?? given.option;
      const again = new Set(one.given.map(own));
      before.given.splice(0, before.given.length, ...before.given.filter(given => !again.has(own(given))), ...one.given);
      continue;
    }
    if (one !== said[i] && one.given.length === 0) continue;
    const own = { ...one, given: [...one.given] };
    if (match && isNative(match)) merged.set(match.name, own);
    out.push(own);
  }
  return out.length === said.length && loaded.every((one, i) => one === said[i]) ? said : out;
}

const MOST_PORT = 65535;

/** `! --dport 0:80` is kept as a comparison, which reads back as `--dport 81:65535`; no port at all to be refused is no test. */
function withoutZeroRanges(loaded: Loaded, match: Match | undefined): Loaded {
  if (!match || !NATIVE.has(match.name) || !loaded.given.some(isZeroRange)) return loaded;
  const given = loaded.given.flatMap(one => {
    if (!isZeroRange(one)) return [one];
    const high = Number(one.text.slice(one.text.indexOf(":") + 1) || MOST_PORT);
    return high === MOST_PORT ? [] : [{ ...one, text: `${high + 1}:${MOST_PORT}`, invert: false }];
  });
  return { ...loaded, given };
}

const isZeroRange = ({ invert, text }: Given): boolean => invert && /^0*:\d*$/.test(text);

/** `! -s 0/0` becomes a comparison of no bytes, which nf_tables does not take. */
export const comparesNothing = ({ header: { source, destination } }: Rule): boolean =>
  [source, destination].some(test => test?.invert && (test.mask === 0 || test.mask === 0n));

/** Has the rule a target that nf_tables cannot find in any module? */
export const lacksModule = ({ target }: Rule): boolean => target !== undefined && BUILT_IN_ONLY.has(target.name);

/** The rule as nf_tables keeps it: an interface that may be any is no test, and ip6tables-nft 1.8.9 loses the counters it is given. */
export function keptByNft(said: Rule, family: Family): Rule {
  const rule = family === 6 ? { ...said, counters: ZERO } : said;
  const { inInterface, outInterface, ...rest } = rule.header;
  if (!isAny(inInterface) && !isAny(outInterface)) return rule;
  const header = {
    ...rest,
    ...(inInterface && !isAny(inInterface) && { inInterface }),
    ...(outInterface && !isAny(outInterface) && { outInterface }),
  };
  return { ...rule, header };
}

const isAny = (test: InterfaceTest | undefined): boolean => test !== undefined && test.name === "" && test.wildcard && !test.invert;

/** May the target stand where legacy refuses it, as an expression of nf_tables' own? */
export const standsAnywhere = ({ target }: Rule): boolean => target !== undefined && ANYWHERE.has(target.name);

/** The rule as far as the kernel's extensions see it: a native match is none of them, and does not mind an inverted -p. */
export function seenByKernel(rule: Rule): Rule {
  if (rule.header.protocol?.invert !== true || !rule.matches.some(isNative)) return rule;
  return { ...rule, matches: rule.matches.filter(match => !isNative(match)) };
}
