import type { Scalar } from "../../predicate/index.ts";
import type { Ruleset } from "../../ruleset/index.ts";
import { addressNames, addressText, interfaceText, isOtherInterfaces, type AddressNames, type NamedRanges } from "../names/index.ts";
import type { Ranges } from "../witness.ts";
import type { Box } from "./boxes.ts";
import { interfaceNames, type InterfaceScale } from "./interface-names.ts";
import { commonRanks, joinedRanks, ranksWithout, type Ranks } from "./ranks.ts";
import { CLIENT, IN, OUT, SERVER, type SessionSets } from "./session-sets.ts";

/** What the dimensions of a box are called. */
export interface BoxNames {
  readonly from: string;
  readonly to: string;
  readonly in: readonly string[] | undefined;
  readonly out: readonly string[] | undefined;
  readonly through: string;
}

/** Names for everything in a section. */
export class SectionNames {
  readonly addresses: AddressNames;
  private readonly sets: SessionSets;
  private readonly interfaces: InterfaceScale;
  private readonly said = new Map<string, string>();

  constructor(sets: SessionSets, ruleset: Ruleset, own: readonly NamedRanges[]) {
    this.sets = sets;
    this.addresses = addressNames(sets.space.family, own);
    const { host } = sets.model;
    this.interfaces = {
      domain: sets.space.domainOf("iif"),
      existing: host?.interfaces.filter(({ link }) => link !== "loopback").map(({ name }) => name),
      wildcards: wildcardsOf(ruleset),
    };
  }

  of(box: Box): BoxNames {
    const { path, clients, ordinary } = this.sets;
    const servers = this.sets.serversFor(box);
    const name = (dimension: number): readonly string[] | undefined => interfaceNames(box[dimension] as Ranks, this.interfaces);
    const input = path === "in" || path === "forward" ? name(IN) : undefined;
    const output = path === "out" || path === "forward" ? name(OUT) : undefined;
    const words = [
      ...(input === undefined ? [] : [`in ${this.interfacesText(input, IN, box)}`]),
      ...(output === undefined ? [] : [`out ${this.interfacesText(output, OUT, box)}`]),
    ];
    return {
      from: this.end(box[CLIENT] as Ranks, clients, ordinary.clients, path === "out" || path === "local"),
      to: this.end(
        box[SERVER] as Ranks,
        servers,
        servers === this.sets.servers ? ordinary.servers : joinedRanks(ordinary.servers, this.sets.translated),
        path === "in" || path === "local",
      ),
      in: input,
      out: output,
      through: words.join(", "),
    };
  }

  /** A few interfaces by their names; many by those that are missing, or by how many more there are. */
  private interfacesText(given: readonly string[], dimension: number, box: Box): string {
    const said = given.map(interfaceText);
    if (said.length <= NAMED_MAX) return either(said);
    const last = this.sets.boxes.dimensions[dimension]?.last ?? 0;
    const missing = interfaceNames(ranksWithout([[0, last]], box[dimension] as Ranks), this.interfaces) ?? [];
    if (missing.length > 0 && missing.length <= NAMED_MAX && !missing.some(isOtherInterfaces)) return `any but ${missing.join(", ")}`;
    return `${said.slice(0, 2).join(", ")} or ${said.length - 2} more`;
  }

  /** Addresses of ranks. */
  ranges(ranks: Ranks): Ranges {
    const domain = this.sets.space.domainOf("saddr");
    return ranks.map(range => [domain.lowOf(range[0]) as Scalar, domain.rangeOf(range[1])[1]] as const);
  }

  /** One end of sessions, of those that there can be and of ordinary ones; `mine`: it is this machine. */
  private end(ranks: Ranks, all: Ranks, ordinary: Ranks, mine: boolean): string {
    const here = commonRanks(ranks, all);
    if (ranksWithout(ordinary, here).length === 0) return mine ? "self" : "anywhere";
    const key = `${mine} ${all === this.sets.clients} ${this.sets.boxes.ranksAsSet(CLIENT, here)}`;
    let name = this.said.get(key);
    if (name === undefined) {
      const rest = ranksWithout([[0, this.sets.space.domainOf("saddr").size - 1]], commonRanks(ordinary, all));
      this.said.set(key, (name = addressText(this.ranges(here), this.addresses, this.ranges(rest))));
    }
    return name;
  }
}

/** Interfaces that a text names. */
const NAMED_MAX = 3;

/** `a`, `a or b`, `a, b or c` */
const either = (words: readonly string[]): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1) as string}`;

/** Starts of interface names that the rules ask for. */
function wildcardsOf({ tables }: Ruleset): string[] {
  const starts = new Set<string>();
  for (const { chains } of tables.values())
    for (const { rules } of chains.values())
      for (const { header } of rules)
        for (const test of [header.inInterface, header.outInterface])
          if (test?.wildcard === true && test.name !== "") starts.add(test.name);
  return [...starts].toSorted((a, b) => a.length - b.length);
}
