import type { Domain } from "../../symbolic/index.ts";
import { OTHER_INTERFACES } from "../names/index.ts";
import { rankCount, type Ranks } from "./ranks.ts";

/** Interfaces as the rules tell them apart. */
export interface InterfaceScale {
  readonly domain: Domain;
  /** Names of the machine; undefined where nobody knows it. */
  readonly existing: readonly string[] | undefined;
  /** Starts of names that rules ask for with a plus: `eth` for `eth+`. */
  readonly wildcards: readonly string[];
}

/** Names for ranks of interfaces: `eth0`, `tun+`, `other`, `other eth+`. Undefined for all interfaces that there can be; loopback and none never count. */
export function interfaceNames(ranks: Ranks, { domain, existing, wildcards }: InterfaceScale): readonly string[] | undefined {
  const within = (rank: number): boolean => ranks.some(([low, high]) => low <= rank && rank <= high);
  if (existing !== undefined) {
    const here = existing.filter(name => within(domain.rankOf(name)));
    return here.length === existing.length ? undefined : here;
  }
  if (rankCount(ranks) >= domain.size - 2 && allButNone(domain, within)) return undefined;
  const names: string[] = [];
  const said = new Set<number>();
  for (const start of wildcards) {
    const [first, last] = startRanks(domain, start);
    const all = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    if (!all.every(within)) continue;
    names.push(`${start}+`);
    for (const rank of all) said.add(rank);
  }
  const rest = new Set<string>();
  for (const [low, high] of ranks)
    for (let rank = low; rank <= high; rank++) {
      if (said.has(rank)) continue;
      const name = exactName(domain, rank);
      if (name === undefined) rest.add(restName(domain, rank, wildcards));
      else if (name !== "" && name !== "lo") names.push(name);
    }
  return [...names, ...rest];
}

/** Interfaces that no rule names by themselves: of a kind that rules speak of, `other eth+`, or of none. */
function restName(domain: Domain, rank: number, wildcards: readonly string[]): string {
  const kind = wildcards.findLast(start => {
    const [first, last] = startRanks(domain, start);
    return first <= rank && rank <= last;
  });
  return kind === undefined ? OTHER_INTERFACES : `${OTHER_INTERFACES} ${kind}+`;
}

/** Every rank but those of no interface and of loopback. */
function allButNone(domain: Domain, within: (rank: number) => boolean): boolean {
  for (let rank = 0; rank < domain.size; rank++) {
    const name = exactName(domain, rank);
    if (name !== "" && name !== "lo" && !within(rank)) return false;
  }
  return true;
}

/** The name that a rank is alone, if it is one name. */
export function exactName(domain: Domain, rank: number): string | undefined {
  const low = domain.lowOf(rank);
  return typeof low === "string" && domain.afterOf(rank) === `${low}\u0000` ? low : undefined;
}

/** The ranks of all names that begin alike. */
function startRanks(domain: Domain, start: string): readonly [number, number] {
  const next = start.slice(0, -1) + String.fromCharCode(start.charCodeAt(start.length - 1) + 1);
  return [domain.rankOf(start), domain.rankOf(next) - 1];
}
