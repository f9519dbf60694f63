import { all, type Predicate } from "../../predicate/index.ts";
import { Unsayable } from "./unsayable.ts";

/** A simple test, or its contrary. */
export interface Literal {
  readonly of: Predicate;
  readonly negated: boolean;
}

/** Tests that must all hold, in the order they are asked. */
export type Term = readonly Literal[];

/** A rule that comes to more terms than this is not printed. */
const MOST_TERMS = 64;

/** The predicate as terms of which one must hold. Throws Unsayable when there are too many. */
export function termsOf(predicate: Predicate, negated = false): readonly Term[] {
  switch (predicate.is) {
    case "constant":
      return predicate.value !== negated ? [[]] : [];
    case "not":
      return termsOf(predicate.of, !negated);
    case "all":
    case "any": {
      const plain = plainPacketType(predicate);
      if (plain !== undefined) return [[{ of: plain, negated }]];
      const owned = withoutSocket(predicate);
      if (owned !== undefined) return termsOf(owned, negated);
      const parts = predicate.of.map(part => termsOf(part, negated));
      return (predicate.is === "all") !== negated ? product(parts) : bounded(parts.flat());
    }
    default:
      return [[{ of: predicate, negated }]];
  }
}

/** Each way to take one term of every part, the parts' order kept. */
export function product(parts: readonly (readonly Term[])[]): readonly Term[] {
  return parts.reduce<readonly Term[]>((before, part) => bounded(before.flatMap(left => part.map(right => [...left, ...right]))), [[]]);
}

function bounded(terms: readonly Term[]): readonly Term[] {
  if (terms.length > MOST_TERMS) throw new Unsayable(`the condition comes to more than ${MOST_TERMS} nft rules`);
  return terms;
}

const LOOPED = 5;

/** Both iptables and nft take a looped packet for a broadcast or multicast one by its address; nft does so by itself. */
function plainPacketType(predicate: Predicate): Predicate | undefined {
  if (predicate.is !== "any" || predicate.of.length !== 2) return undefined;
  const [first, second] = predicate.of;
  if (first?.is !== "in" || first.field !== "pkttype" || second?.is !== "all") return undefined;
  const looped = second.of[0];
  const low = looped?.is === "in" && looped.field === "pkttype" ? looped.ranges[0]?.[0] : undefined;
  return low === LOOPED ? first : undefined;
}

const isSocket = (of: Predicate | undefined): boolean => of?.is === "in" && of.field === "socket";
const isOwner = (of: Predicate): boolean => of.is === "in" && (of.field === "uid" || of.field === "gid");

/**
 * Who asks for an owner asks for a socket, too: `socket and uid in R` is `uid in R`, and `(socket and uid not in R) or no socket` is
 * `uid not in R`, where the test of an absent uid is false.
 */
function withoutSocket(predicate: Extract<Predicate, { is: "all" | "any" }>): Predicate | undefined {
  if (predicate.is === "all") {
    const [socket, ...rest] = predicate.of;
    return isSocket(socket) && rest.some(part => isOwner(part)) ? all(...rest) : undefined;
  }
  const [withSocket, without] = predicate.of;
  if (withSocket?.is !== "all" || without?.is !== "not" || predicate.of.length !== 2 || !isSocket(without.of)) return undefined;
  const [socket, ...rest] = withSocket.of;
  return isSocket(socket) && rest.length > 0 && rest.every(part => part.is === "not" && isOwner(part.of)) ? all(...rest) : undefined;
}
