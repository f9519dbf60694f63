import { FIELDS, type Family, type Field, type Opaque, type SetTest } from "../predicate/index.ts";
import { extract, groupBits, isGrouped } from "./bit-groups.ts";
import { isAlwaysThere, leaderOf, type Constants } from "./constants.ts";
import { Diagrams, FIRST_FREE_LEAF, nextLeaf, type Diagram } from "./diagrams.ts";
import { Domain } from "./domain.ts";
import { FIELD_ORDER, lastRank, TOLD_APART, type BitsOf, type Level } from "./level.ts";
import type { Surroundings } from "./surroundings.ts";

/** A group of bits of a field and its level. */
export interface Group {
  readonly mask: bigint;
  readonly domain: Domain;
}

/**
 * Diagrams over one set of levels. Made from the constants of all rulesets and questions that are to be compared; constants that were not taken
 * then cannot be asked for.
 */
export class Space {
  readonly family: Family;
  readonly surroundings: Surroundings;
  readonly diagrams: Diagrams;
  readonly levels: Level[] = [];
  /** Protocols that rules or questions ask for by themselves. */
  readonly protocols: ReadonlySet<number>;
  /** Fields that rules or questions ask for. */
  readonly used: ReadonlySet<Field>;
  private readonly domains = new Map<Field, Domain>();
  /** The first domain made of each set of constants, by the field that they are kept under. */
  private readonly led = new Map<string, Domain>();
  private readonly groups = new Map<Field, readonly Group[]>();
  private readonly byKey = new Map<string, number>();
  private readonly plain = new Map<Field, number>();
  private readonly leaves = new Map<string, Map<string, Diagram>>();
  /** What leaves stand for, by how far they are below 0. */
  private readonly values: unknown[] = [];
  private lastLeaf: Diagram = FIRST_FREE_LEAF + 1;
  private readonly opaqueKeys: ReadonlyMap<Opaque, string>;

  constructor(constants: Constants, surroundings: Surroundings, opaqueKeys: ReadonlyMap<Opaque, string> = new Map(), budget?: number) {
    this.surroundings = surroundings;
    this.family = surroundings.known.family;
    this.diagrams = new Diagrams(budget);
    this.opaqueKeys = opaqueKeys;
    const { used } = constants;
    this.protocols = constants.protocols;
    this.used = used;
    // Few levels tell masks of them more: what nobody asks for has none until somebody does.
    const order = [
      ...FIELD_ORDER.filter(field => used.has(field) || TOLD_APART.includes(field)),
      ...[...used].filter(field => !FIELD_ORDER.includes(field)).toSorted(),
    ];
    for (const field of order) this.makeDomains(field, constants);
    for (const field of order) {
      for (const group of this.groups.get(field) ?? [undefined]) this.makeFieldLevel(field, 0, group);
      // What a path says of each packet is settled near the top for the server's too: no chain is taken apart down to the bottom for it.
      if (SETTLED.has(field) && used.has(field)) this.makeFieldLevel(field, 1, undefined);
      // Hardware addresses go with addresses: a server's stands right below its own.
      if (field === "daddr" && used.has("mac")) this.makeFieldLevel("mac", 1, undefined);
    }
  }

  private makeDomains(field: Field, constants: Constants): void {
    const leader = leaderOf(field);
    const optional = !isAlwaysThere(field);
    if (isGrouped(field)) {
      const { bits } = FIELDS[field];
      const tests = constants.tests.get(leader) ?? [];
      const masks = groupBits(constants.masks.get(leader) ?? [], bits);
      const groups = masks.map(mask => {
        const cuts = new Set<bigint>();
        for (const test of tests)
          if ((test.mask & mask) === mask) {
            const value = extract(test.value, mask);
            cuts.add(value);
            cuts.add(value + 1n);
          }
        let size = 0n;
        for (let rest = mask; rest !== 0n; rest &= rest - 1n) size++;
        return { mask, domain: new Domain(0n, (1n << size) - 1n, optional, cuts) };
      });
      // A field of which only the presence is asked has one group without bits.
      this.groups.set(field, groups.length > 0 ? groups : [{ mask: 0n, domain: new Domain(0n, 0n, optional, []) }]);
      return;
    }
    const { kind, bits } = FIELDS[field];
    // Fields with the same constants share their points.
    const cuts = this.led.get(`${leader} ${bits}`) ?? constants.cuts.get(leader) ?? [];
    if (kind === "name") this.domains.set(field, new Domain("", undefined, optional, cuts));
    else if (kind === "address")
      this.domains.set(
        field,
        this.family === 4 ? new Domain(0, 0xffffffff, optional, cuts) : new Domain(0n, (1n << 128n) - 1n, optional, cuts),
      );
    else this.domains.set(field, new Domain(0, 2 ** bits - 1, optional, cuts));
    this.led.set(`${leader} ${bits}`, this.domainOf(field));
  }

  private makeFieldLevel(field: Field, instance: number, group: Group | undefined): number {
    const domain = group?.domain ?? this.domainOf(field);
    const level = this.makeLevel(levelKey(field, instance, group?.mask), { is: "field", field, instance, mask: group?.mask, domain });
    if (group === undefined && instance === 0) this.plain.set(field, level);
    return level;
  }

  private makeLevel(key: string, level: Level): number {
    const number = this.levels.length;
    this.levels.push(level);
    this.byKey.set(key, number);
    return number;
  }

  /** Groups of bits of a field that has a level for each. */
  groupsOf(field: Field): readonly Group[] | undefined {
    if (!isGrouped(field)) return undefined;
    return this.groups.get(field) ?? [{ mask: 0n, domain: new Domain(0n, 0n, !isAlwaysThere(field), []) }];
  }

  /** The ranks of a field that has one level. */
  domainOf(field: Field): Domain {
    let domain = this.domains.get(field);
    if (domain === undefined) {
      const { kind, bits } = FIELDS[field];
      domain =
        kind === "name"
          ? new Domain("", undefined, !isAlwaysThere(field), [])
          : new Domain(0, 2 ** Math.min(bits, 53) - 1, !isAlwaysThere(field), []);
      this.domains.set(field, domain);
    }
    return domain;
  }

  /** The level of a field, or of a group of its bits; made at the bottom where it is new. */
  fieldLevel(field: Field, instance = 0, group?: Group): number {
    if (group === undefined && instance === 0) {
      const plain = this.plain.get(field);
      if (plain !== undefined) return plain;
    }
    return this.byKey.get(levelKey(field, instance, group?.mask)) ?? this.makeFieldLevel(field, instance, group);
  }

  /** The level of a condition that no analysis decides; the same key means the same condition. */
  conditionLevel(key: string, about: string, instance = 0, bits?: BitsOf): number {
    const name = `? ${key} ${instance}`;
    return this.byKey.get(name) ?? this.makeLevel(name, { is: "condition", key, about, instance, ...(bits && { bits }) });
  }

  choiceLevel(key: string, about: string, size: number): number {
    return this.byKey.get(`choice ${key}`) ?? this.makeLevel(`choice ${key}`, { is: "choice", about, size });
  }

  /** What tells two opaque conditions apart, in all rulesets that are compared. */
  opaqueKey(step: Opaque): string {
    // A shared key is that of a state, not of a condition: what the surroundings decide is asked by the key alone.
    return this.opaqueKeys.get(step) ?? step.share ?? step.about;
  }

  lastRankOf(level: number): number {
    return lastRank(this.levels[level] as Level);
  }

  /** The leaf for a value; the same key gives the same leaf among those of a kind, so that long keys need not be put together with it. */
  leaf(key: string, value: unknown, kind = ""): Diagram {
    let known = this.leaves.get(kind);
    if (known === undefined) this.leaves.set(kind, (known = new Map()));
    let leaf = known.get(key);
    if (leaf === undefined) {
      leaf = this.lastLeaf = nextLeaf(this.lastLeaf);
      known.set(key, leaf);
      while (this.values.length < -leaf) this.values.push(undefined);
      this.values.push(value);
    }
    return leaf;
  }

  /** What a leaf stands for. */
  valueOf(leaf: Diagram): unknown {
    return this.values[-leaf];
  }
}

/** Fields of single packets that the part a packet plays decides. */
const SETTLED: ReadonlySet<Field> = new Set(["icmptype", "icmpcode", "tcpflags"]);

const levelKey = (field: Field, instance: number, mask: bigint | undefined): string => `${field} ${instance} ${mask ?? ""}`;

/** What a look into a set asks, as a key and as words; ends are those of the packet that asks. */
export function memberKey(test: SetTest): string {
  const { set, dimensions, returnNomatch, packets, bytes } = test;
  return `set ${set} ${dimensions.join()} ${returnNomatch} ${packets?.op}${packets?.value} ${bytes?.op}${bytes?.value}`;
}
