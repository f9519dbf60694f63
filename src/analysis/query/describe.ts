import { protocolText, addressText, listText, numberRanges, type AddressNames } from "../names/index.ts";
import { intersect, printMac, type IntervalSet } from "../../packet/index.ts";
import { CT_STATE, type Field, type Scalar } from "../../predicate/index.ts";
import { NO, type Diagram, type Domain } from "../../symbolic/index.ts";
import { printFlagTest } from "../question/flags.ts";
import { spread } from "../../symbolic/index.ts";
import { interfaceNames } from "../policy/interface-names.ts";
import { serviceClasses } from "../policy/service-classes.ts";
import { commonRanks, pushRange, ranksWithout, type Ranks } from "../policy/ranks.ts";
import type { Box } from "../policy/boxes.ts";
import type { Ranges } from "../witness.ts";
import type { Asked } from "./asked.ts";

/** Says what tells a box from the rest of what was asked: one phrase for each thing that does. */
export class BoxText {
  private readonly of: Asked;
  private here: Diagram;
  private readonly names: AddressNames;
  /** Ranks of each dimension that occur in what was asked. */
  private readonly asked: readonly Ranks[];

  constructor(of: Asked, everything: Diagram, names: AddressNames) {
    this.of = of;
    this.here = everything;
    this.names = names;
    this.asked = of.boxes.dimensions.map((_, dimension) => projection(of, everything, dimension));
  }

  /** `ssh (tcp 22)`, `from 10.0.0.0/8`, `to 192.0.2.1`, `in eth0`; nothing for all that was asked. `here` is what the box is to stand for. */
  phrases(box: Box, here: Diagram): readonly string[] {
    this.here = here;
    const { fields } = this.of;
    const said: string[] = [];
    const service = this.service(box);
    if (service !== undefined) said.push(service);
    for (const field of new Set([...SAID, ...fields])) {
      if (field === "kind") continue;
      const phrases = fields.flatMap((each, dimension) => {
        const ranks = each === field ? this.limited(box, dimension) : undefined;
        return ranks === undefined ? [] : (this.phrase(field, ranks, dimension) ?? []);
      });
      // Flags have a dimension for each group of them.
      if (phrases.length > 0) said.push(phrases.join(" and "));
    }
    return said;
  }

  /** The ranks of a dimension that the box leaves of what was asked, as far as they occur in what it stands for; undefined for all of it. */
  private limited(box: Box, dimension: number): Ranks | undefined {
    const asked = this.asked[dimension] as Ranks;
    if (sameRanks(commonRanks(box[dimension] as Ranks, asked), asked)) return undefined;
    return projection(this.of, this.here, dimension);
  }

  private service(box: Box): string | undefined {
    const { kinds, fields, model } = this.of;
    if (kinds.length === 0) return undefined;
    const [kind, port] = [0, fields.indexOf("dport")];
    const [kindsLeft, portsLeft] = [this.limited(box, kind), this.limited(box, port)];
    if (kindsLeft === undefined && portsLeft === undefined) return undefined;
    const ports =
      portsLeft ?? (this.isAllPorts(port) ? ([[0, this.of.boxes.dimensions[port]?.last ?? 0]] as Ranks) : (this.asked[port] as Ranks));
    const domain = model.space.domainOf("dport");
    const all: Ranks = [[0, domain.size - 1]];
    const classes = serviceClasses(
      { kinds: projection(this.of, this.here, kind), ports, sourcePorts: all, special: false },
      { family: model.family, kinds, ports: domain },
    );
    return classes.map(({ name }) => name).join(", ");
  }

  /** Were all ports asked for? */
  private isAllPorts(dimension: number): boolean {
    const [first, ...more] = this.asked[dimension] as Ranks;
    return more.length === 0 && first !== undefined && first[0] <= 1 && first[1] === this.of.boxes.dimensions[dimension]?.last;
  }

  private phrase(field: Field, ranks: Ranks, dimension: number): string | undefined {
    const { space } = this.of.model;
    switch (field) {
      case "dport":
        return this.of.kinds.length > 0 ? undefined : this.ports("to", field, ranks, dimension);
      case "sport":
        return this.ports("from", field, ranks, dimension);
      case "iif":
      case "oif": {
        const { host } = space.surroundings.known;
        const existing = host?.interfaces.filter(({ link }) => link !== "loopback").map(({ name }) => name);
        const scale = { domain: space.domainOf(field), existing, wildcards: [] };
        const names = interfaceNames(ranks, scale);
        const others = interfaceNames(ranksWithout(this.asked[dimension] as Ranks, ranks), scale);
        const word = field === "iif" ? "in" : "out";
        // Of interfaces that nobody named, which are the others is said.
        return names?.includes(OTHER) && others?.length
          ? `${word} any but ${listText(others, 6)}`
          : names && `${word} ${listText(names, 6)}`;
      }
      case "saddr":
        return `from ${this.addresses(field, ranks, dimension)}`;
      case "daddr":
        return `to ${this.addresses(field, ranks, dimension)}`;
      case "ctstate":
        return `state ${values(space.domainOf(field), ranks)
          .flatMap(([low, high]) => STATES.slice(Number(low), Number(high) + 1))
          .join(", ")}`;
      case "protocol":
        return protocolPhrase(values(space.domainOf(field), ranks));
      case "tcpflags":
        return this.flags(ranks, dimension);
      case "mac":
        return `with the hardware address ${this.shorter(field, ranks, dimension, ranges => listText(ranges.map(macText), 4))}`;
      default:
        if (space.groupsOf(field) !== undefined) return this.bits(field, ranks, dimension);
        return `${FIELD_NAMES[field] ?? field} ${this.shorter(field, ranks, dimension, ranges => numberRanges(ranges))}`;
    }
  }

  private addresses(field: Field, ranks: Ranks, dimension: number): string {
    return this.shorter(field, ranks, dimension, ranges => addressText(ranges, this.names));
  }

  private ports(side: "from" | "to", field: Field, ranks: Ranks, dimension: number): string {
    if (values(this.of.model.space.domainOf(field), ranks).length === 0) return "without ports";
    const text = this.shorter(field, ranks, dimension, ranges => numberRanges(ranges));
    return text.startsWith(BUT) ? `${side} any port but ${text.slice(BUT.length)}` : `${side} port ${text}`;
  }

  /** What they are, or of what was asked what they are not, whatever is shorter. */
  private shorter(field: Field, ranks: Ranks, dimension: number, textOf: (ranges: Ranges) => string): string {
    const domain = this.of.model.space.domainOf(field);
    const text = textOf(values(domain, ranks));
    const rest = values(domain, ranksWithout(this.asked[dimension] as Ranks, ranks));
    const others = rest.length === 0 ? "" : BUT + textOf(rest);
    return others !== "" && others.length < text.length ? others : text;
  }

  /** `with mark 0x1/0xff`, `without mark 0x1/0xff`; bits that are looked at together, where one value or all but one are meant. */
  private bits(field: Field, ranks: Ranks, dimension: number): string {
    const level = this.of.model.space.levels[this.of.boxes.dimensions[dimension]?.level ?? 0];
    const name = FIELD_NAMES[field] ?? field;
    if (level?.is !== "field" || level.mask === undefined) return `with some values of ${name}`;
    const { mask, domain } = level;
    const one = (among: Ranks): string | undefined => {
      const [only, ...more] = values(domain, among);
      if (only === undefined || more.length > 0 || only[0] !== only[1]) return undefined;
      return `${name} 0x${spread(BigInt(only[0]), mask).toString(16)}/0x${mask.toString(16)}`;
    };
    const own = one(ranks);
    if (own !== undefined) return `with ${own}`;
    const others = one(ranksWithout(this.asked[dimension] as Ranks, ranks));
    return others === undefined ? `with some values of ${name}` : `without ${others}`;
  }

  /** `with the flags syn`, `without the flags syn`; in the question's own words, where one test of flags says it. */
  private flags(ranks: Ranks, dimension: number): string {
    const domain = this.of.model.space.domainOf("tcpflags");
    const asked = bytes(values(domain, this.asked[dimension] as Ranks));
    const left = bytes(values(domain, ranks));
    const own = flagTest(left, asked);
    if (own !== undefined) return `with the flags ${own}`;
    const others = flagTest(new Set([...asked].filter(each => !left.has(each))), asked);
    return others === undefined ? "with some TCP flags" : `without the flags ${others}`;
  }
}

const BUT = "any but ";

/** What fields are called that have no phrase of their own. */
const FIELD_NAMES: Partial<Record<Field, string>> = {
  ctmark: "connection mark",
  tcpoptions: "TCP options",
  icmptype: "ICMP type",
  icmpcode: "ICMP code",
  uid: "of user",
  gid: "of group",
  length: "with length",
  ttl: "with TTL",
};

/** What interfaceNames calls interfaces that nobody names. */
const OTHER = "other";

/** The order in which phrases stand. */
const SAID: readonly Field[] = [
  "protocol",
  "icmptype",
  "icmpcode",
  "ctstate",
  "tcpflags",
  "saddr",
  "sport",
  "daddr",
  "dport",
  "iif",
  "oif",
];

const bytes = (ranges: Ranges): ReadonlySet<number> =>
  new Set(ranges.flatMap(([low, high]) => Array.from({ length: Number(high) - Number(low) + 1 }, (_, i) => Number(low) + i)));

/** The one test of flags that these values pass, and no others of those that were asked about; undefined where there is none. */
function flagTest(wanted: ReadonlySet<number>, asked: ReadonlySet<number>): string | undefined {
  const [first] = wanted;
  if (first === undefined) return undefined;
  let mask = 0xff;
  for (const each of wanted) mask &= ~(each ^ first);
  const value = first & mask;
  const passing = [...asked].filter(each => (each & mask) === value);
  return passing.length === wanted.size ? printFlagTest({ mask, value }) : undefined;
}

const STATES: readonly string[] = Object.entries(CT_STATE)
  .toSorted((a, b) => a[1] - b[1])
  .map(([name]) => name);

const macText = ([low, high]: readonly [Scalar, Scalar]): string =>
  low === high ? printMac(Number(low)) : `${printMac(Number(low))} to ${printMac(Number(high))}`;

const sameRanks = (a: Ranks, b: Ranks): boolean =>
  a.length === b.length && a.every(([low, high], index) => low === b[index]?.[0] && high === b[index]?.[1]);

/** Names of few protocols, else ranges of numbers. */
function protocolPhrase(protocols: Ranges): string {
  const numbers = protocols.flatMap(([low, high]) =>
    Number(high) - Number(low) < 8 ? Array.from({ length: Number(high) - Number(low) + 1 }, (_, i) => Number(low) + i) : [],
  );
  const few = protocols.every(([low, high]) => Number(high) - Number(low) < 8) && numbers.length <= 8;
  return few ? numbers.map(protocolText).join(", ") : `protocols ${numberRanges(protocols)}`;
}

/** The values of ranks; absence is left out. */
function values(domain: Domain, ranks: Ranks): Ranges {
  const ranges: (readonly [Scalar, Scalar])[] = [];
  for (const [low, high] of ranks) {
    const first = domain.isAbsent(low) ? low + 1 : low;
    if (first > high) continue;
    ranges.push([domain.rangeOf(first)[0], domain.rangeOf(high)[1]]);
  }
  // Ranks are neighbours where they were cut: the whole field has one range.
  return intersect(ranges as unknown as IntervalSet<number>, ranges as unknown as IntervalSet<number>);
}

/** Ranks of one dimension that occur in a set. */
function projection({ boxes }: Asked, set: Diagram, dimension: number): Ranks {
  const { diagrams } = boxes;
  const { level, last } = boxes.dimensions[dimension] ?? { level: 0, last: 0 };
  const seen = diagrams.quantify(set, each => each !== level, true);
  if (seen < 0) return seen === NO ? [] : [[0, last]];
  const ranks: [number, number][] = [];
  for (let edge = 0, low = 0; edge < diagrams.edgeCount(seen); edge++) {
    const high = diagrams.upperOf(seen, edge);
    if (diagrams.belowOf(seen, edge) !== NO) pushRange(ranks, low, high);
    low = high + 1;
  }
  return ranks;
}
