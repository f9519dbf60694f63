/** What a diagram says of one packet: the way from its root to a leaf. */
import type { Field, Opaque, Predicate, SetTest, Value } from "../../src/predicate/index.ts";
import type { Random } from "../kernel/generate/random.ts";
import { extract } from "../../src/symbolic/bit-groups.ts";
import { YES, type Space } from "../../src/symbolic/index.ts";
import type { FreeChains } from "./free-chains.ts";
import type { FieldValues, Whim } from "./chain-walk.ts";

/** The leaf for a packet; `condition` answers levels that ask no field. */
export function leafFor(space: Space, diagram: number, fields: FieldValues, condition: (level: number) => number): number {
  let node = diagram;
  while (node >= 0) {
    const number = space.diagrams.levelOf(node);
    const level = space.levels[number];
    if (level?.is === "field" && level.instance !== 0) throw new Error(`a packet of the server's is asked for its ${level.field}`);
    const rank =
      level?.is === "field"
        ? rankOf(space, level.field, level.mask, fields[level.field])
        : (bitTest(level?.is === "condition" ? level.about : "", fields) ?? condition(number));
    node = space.diagrams.child(node, rank);
  }
  return node;
}

/** A mask with too many holes for ranges is a condition of its own; it says what it asks. */
function bitTest(about: string, fields: FieldValues): number | undefined {
  const [, field, mask, value] = /^(\w+) & 0x([0-9a-f]+) = 0x([0-9a-f]+)$/.exec(about) ?? [];
  if (field === undefined) return undefined;
  const own = fields[field as Field];
  return own !== undefined && typeof own !== "string" && (BigInt(own) & BigInt(`0x${mask}`)) === BigInt(`0x${value}`) ? 1 : 0;
}

function rankOf(space: Space, field: Field, mask: bigint | undefined, value: Value): number {
  if (mask === undefined) return space.domainOf(field).rankOf(value);
  const group = space.groupsOf(field)?.find(each => each.mask === mask);
  if (!group) throw new Error(`no such bits of ${field}`);
  return value === undefined || typeof value === "string" ? 0 : group.domain.rankOf(extract(BigInt(value), mask));
}

/** Answers to conditions, drawn once for each level, and the same answers for whoever walks rules. */
export class Fate implements Whim {
  readonly #chains: FreeChains;
  readonly #random: Random;
  readonly #ranks: Map<number, number> = new Map();

  constructor(chains: FreeChains, random: Random) {
    this.#chains = chains;
    this.#random = random;
  }

  readonly rank = (level: number): number => {
    let rank = this.#ranks.get(level);
    if (rank === undefined) this.#ranks.set(level, (rank = this.#random.below(this.#chains.space.lastRankOf(level) + 1)));
    return rank;
  };

  opaque(step: Opaque): boolean {
    return this.#said({ is: "opaque", opaque: step });
  }

  member(test: SetTest): boolean {
    return this.#said({ is: "member", test });
  }

  #said(predicate: Predicate): boolean {
    const { space } = this.#chains;
    const set = this.#chains.set(predicate);
    return set >= 0 ? leafFor(space, set, {}, this.rank) === YES : set === YES;
  }

  /** A condition that the surroundings make of a field. */
  holds(key: string): boolean {
    return this.rank(this.#chains.space.conditionLevel(`surroundings ${key}`, key)) === 1;
  }
}

/** All leaves that a packet may end in, whatever fields and conditions are that nobody knows: those not in `fields`. */
export function leavesFor(space: Space, diagram: number, fields: ReadonlyMap<Field, Value>): number[] {
  const { diagrams } = space;
  const leaves = new Set<number>();
  const seen = new Set<number>();
  const waiting = [diagram];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node < 0) {
      leaves.add(node);
      continue;
    }
    if (seen.has(node)) continue;
    seen.add(node);
    const level = space.levels[diagrams.levelOf(node)];
    if (level?.is === "field" && level.instance === 0 && fields.has(level.field))
      waiting.push(diagrams.child(node, rankOf(space, level.field, level.mask, fields.get(level.field))));
    else for (let edge = 0, count = diagrams.edgeCount(node); edge < count; edge++) waiting.push(diagrams.belowOf(node, edge));
  }
  return [...leaves];
}
