import type { InterfaceAddress } from "../../host/index.ts";
import { isNotationFault, mask4, mask6, parseNotation, TCP_FLAG, type CtState } from "../../packet/index.ts";
import { CT_STATE, type Family, type Field, type Scalar, type Value } from "../../predicate/index.ts";
import type { Ruleset } from "../../ruleset/index.ts";
import { NO, tracks, YES, type Diagram, type Preferences } from "../../symbolic/index.ts";
import { witnessOf } from "../witness-of.ts";
import type { Witness } from "../witness.ts";
import type { Asked, FateSet } from "./asked.ts";

const CLAIMS = { usable: "usable", "half-open": "half-open", accepted: "accepted", rejected: "rejected", dropped: "dropped" } as const;

/** An ordinary member of a set of sessions or packets, as a witness of its fate. */
export function witnessIn(of: Asked, fateSet: Pick<FateSet, "fate" | "role">, set: Diagram): Witness | undefined {
  const member = of.about === "sessions" ? sessionWitness : packetWitness;
  const usual = preferred(of);
  const found = member(of, fateSet, set, usual);
  const twin = found && of.path !== "local" ? twinAddress(found) : undefined;
  if (found === undefined || twin === undefined) return found;
  // Nobody sends to himself over a wire: another address of the server's class, or of another class at either end.
  const next = typeof twin === "bigint" ? [twin + 1n, twin - 1n] : [twin + 1, twin - 1];
  const others = [
    member(of, fateSet, set, new Map([...usual, ["daddr", next] as const])),
    ...(["daddr", "saddr"] as const).map(field => member(of, fateSet, elsewhere(of, set, field, twin), usual)),
  ];
  return others.find(other => other !== undefined && twinAddress(other) === undefined) ?? found;
}

/** Members of a set whose address at one end is of another class. */
function elsewhere({ model: { space } }: Asked, set: Diagram, field: "saddr" | "daddr", address: Scalar): Diagram {
  const { diagrams } = space;
  const domain = space.domainOf(field);
  const rank = domain.rankOf(address);
  return diagrams.and(set, diagrams.interval(space.fieldLevel(field), rank, rank, domain.size - 1, NO, YES));
}

/** The address that a witness has at both ends. */
function twinAddress({ packet }: Witness): Scalar | undefined {
  const spec = parseNotation(packet);
  return !isNotationFault(spec) && spec.source.address === spec.destination.address ? spec.source.address : undefined;
}

function sessionWitness(of: Asked, { fate, role }: Pick<FateSet, "fate" | "role">, set: Diagram, prefer: Preferences): Witness | undefined {
  const { model, path, kinds } = of;
  const { diagrams } = of.boxes;
  const top = of.boxes.dimensions[0]?.level ?? 0;
  const claim = fate === "dropped" || fate === "rejected" ? "refused" : CLAIMS[fate];
  for (const [index, kind] of kinds.entries()) {
    const members = diagrams.restrict(set, top, index);
    if (members === NO) continue;
    return witnessOf(model.space, members, { path, about: "session", claim, role, kind, prefer });
  }
  return undefined;
}

/** People outside, then hosts of the machine's networks, before addresses that begin or end one. */
function preferred({ model, path }: Asked): Map<Field, readonly Value[]> {
  const near = (model.host?.interfaces ?? []).flatMap(({ link, addresses }) =>
    link === "loopback" ? [] : addresses.filter(each => each.family === model.family),
  );
  const [client, server] = OUTSIDE[model.family];
  const values = new Map<Field, readonly Value[]>([["sport", [40000, 50000, 1000, 80]]]);
  if (path === "in" || path === "forward")
    values.set("saddr", [client, ...near.map(each => neighbour(each, 10)), ...PRIVATE[model.family].map(each => later(each, 5))]);
  if (path === "out" || path === "forward")
    values.set("daddr", [server, ...near.map(each => neighbour(each, 20)), ...PRIVATE[model.family].map(each => later(each, 6))]);
  return values;
}

/** Documentation addresses of somebody else. */
const OUTSIDE: Readonly<Record<Family, readonly [client: Scalar, server: Scalar]>> = {
  4: [0xcb007109, 0xcb007150],
  6: [(0x20010db8n << 96n) | 9n, (0x20010db8n << 96n) | 0x80n],
};

/** Networks that people number their own machines from. */
const PRIVATE: Readonly<Record<Family, readonly Scalar[]>> = {
  4: [0x0a000000, 0xac100000, 0xac110000, 0xc0a80000, 0xc0a80100],
  6: [0xfdn << 120n],
};

const later = (address: Scalar, steps: number): Scalar => (typeof address === "bigint" ? address + BigInt(steps) : address + steps);

/** An address of a network by its place in it. */
function neighbour({ address, peer, prefixLength }: InterfaceAddress, place: number): Scalar {
  if (peer !== undefined) return peer;
  return typeof address === "bigint" ? (address & mask6(prefixLength)) + BigInt(place) : ((address & mask4(prefixLength)) >>> 0) + place;
}

const { SYN, ACK } = TCP_FLAG;

/** The states in which a packet is shown, ordinary ones first. */
const SHOWN_STATES: readonly CtState[] = ["NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED"];

function packetWitness(of: Asked, { fate }: Pick<FateSet, "fate" | "role">, set: Diagram, usual: Preferences): Witness | undefined {
  const { model, path } = of;
  const { space } = model;
  const { diagrams } = space;
  const tracked = tracks(model.rulesets[0] as Ruleset);
  const level = space.fieldLevel("ctstate");
  for (const state of SHOWN_STATES) {
    const members = diagrams.restrict(set, level, space.domainOf("ctstate").rankOf(CT_STATE[state]));
    if (members === NO) continue;
    // What opens connections, and what goes on in them.
    const flags = state === "NEW" ? [SYN, ACK, SYN | ACK, 0] : [ACK, SYN | ACK, SYN, 0];
    const prefer = new Map([...usual, ["tcpflags", flags] as const]);
    return witnessOf(space, members, { path, about: "packet", claim: CLAIMS[fate], ...(tracked && { state }), prefer });
  }
  return undefined;
}
