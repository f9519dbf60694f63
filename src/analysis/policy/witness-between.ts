import { isNotationFault, parseNotation } from "../../packet/index.ts";
import type { Scalar } from "../../predicate/index.ts";
import { YES, NO, type Diagram, type Space } from "../../symbolic/index.ts";
import { witnessOf } from "../witness-of.ts";
import type { WitnessWish } from "../witness-wish.ts";
import type { Witness } from "../witness.ts";

/** Addresses that are given up one after the other as both ends of a witness. */
const TRIES = 6;

/** A witness between two addresses, as no wire brings a packet to its own sender; undefined where the set has no such packets. */
export function witnessBetween(space: Space, set: Diagram, wish: WitnessWish): Witness | undefined {
  let left = set;
  let prefer = wish.prefer;
  for (let tries = 0; tries < TRIES && left !== NO; tries++) {
    const witness = witnessOf(space, left, { ...wish, ...(prefer && { prefer }) });
    const own = witness && wish.path !== "local" ? soleAddress(witness) : undefined;
    if (own === undefined) return witness;
    const domain = space.domainOf("saddr");
    const rank = domain.rankOf(own);
    const [low, high] = domain.rangeOf(rank);
    if (low === high) left = space.diagrams.minus(left, pairOf(space, rank));
    else prefer = new Map([...(prefer ?? []), ["daddr", [own === high ? low : high]]]);
  }
  return undefined;
}

/** The address that is both source and destination. */
function soleAddress({ packet }: Witness): Scalar | undefined {
  const spec = parseNotation(packet);
  return !isNotationFault(spec) && spec.source.address === spec.destination.address ? spec.source.address : undefined;
}

/** Packets from the addresses of a rank to themselves. */
function pairOf(space: Space, rank: number): Diagram {
  const { diagrams } = space;
  const last = space.domainOf("saddr").size - 1;
  const from = diagrams.interval(space.fieldLevel("saddr"), rank, rank, last, YES, NO);
  return diagrams.interval(space.fieldLevel("daddr"), rank, rank, last, from, NO);
}
