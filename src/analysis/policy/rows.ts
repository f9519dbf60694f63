import { isNotationFault, parseNotation } from "../../packet/index.ts";
import type { Field, Value } from "../../predicate/index.ts";
import { NO, type SessionEnd, type SessionRole } from "../../symbolic/index.ts";
import type { PolicyRow, ServiceClass } from "../policy-report.ts";
import { witnessOf } from "../witness-of.ts";
import type { Witness } from "../witness.ts";
import type { Box } from "./boxes.ts";
import { draftsOf, placeKey, type Draft } from "./drafts.ts";
import type { Prover } from "./prover.ts";
import { rankCount, type Ranks } from "./ranks.ts";
import type { SectionNames } from "./section-names.ts";
import { mergedServices, serviceClasses } from "./service-classes.ts";
import { CLIENT, KIND, PORT, SERVER, SOURCE_PORT, type SessionSets } from "./session-sets.ts";

/** Rows that still lack the ids of their classes, which are known when all rows are. */
export type OpenRow = Omit<PolicyRow, "clients" | "servers"> & { readonly box: Box };

/** What sessions a table is about. */
export interface Wanted {
  readonly kind: PolicyRow["kind"];
  /** For half-open sessions: the part that fails. */
  readonly role?: SessionRole;
}

/** Rows of one kind, the most exposed first, and whether these are all. */
export interface OpenRows {
  readonly rows: readonly OpenRow[];
  readonly complete: boolean;
}

/** The table of all sessions that end in some way, at most `limit` rows. */
export function rowsOf(sets: SessionSets, wanted: Wanted, names: SectionNames, prover: Prover, limit: number): OpenRows {
  const ends = ({ end, role }: SessionEnd): boolean => end === wanted.kind && (wanted.role === undefined || role === wanted.role);
  const { drafts, complete } = draftsOf(sets, ends, limit);
  const groups = new Map<string, Draft[]>();
  for (const draft of drafts) {
    const key = placeKey(draft);
    const group = groups.get(key);
    if (group) group.push(draft);
    else groups.set(key, [draft]);
  }
  const set = sets.ending(ends);
  const sorted = [...groups.values()].toSorted((a, b) => exposure(b) - exposure(a));
  return { rows: sorted.map(group => rowOf(group, sets, wanted, names, prover, set)), complete };
}

/** What is sure comes first; then how many can do how much: clients and servers, then services. */
function exposure([first, ...more]: readonly Draft[]): number {
  if (first === undefined) return 0;
  const share = (dimension: number): number => rankCount(first.box[dimension] as Ranks);
  const services = [first, ...more].reduce((sum, { box }) => sum + rankCount(box[PORT] as Ranks) * rankCount(box[KIND] as Ranks), 0);
  const sure = first.depends.length === 0 ? 1e18 : 0;
  return sure + share(CLIENT) * 1e12 + share(SERVER) * 1e6 + services;
}

function rowOf(group: readonly Draft[], sets: SessionSets, wanted: Wanted, names: SectionNames, prover: Prover, set: number): OpenRow {
  const { box, depends, effects } = group[0] as Draft;
  const row = {
    path: sets.path,
    services: servicesOf(group, sets),
    ...names.of(box),
    kind: wanted.kind,
    certainty: depends.length === 0 ? ({ sure: true } as const) : ({ sure: false, depends } as const),
    ...(effects.length > 0 && { becomes: effects }),
    box,
  };
  const witness = prover.ready ? witnessFor(sets, wanted, set, box, names) : undefined;
  const proof = witness && prover.prove(witness);
  return {
    ...row,
    ...(wanted.role !== undefined && { fails: { role: wanted.role, by: proof?.decidedBy } }),
    witness: proof?.confirmed === true ? witness : undefined,
    decidedBy: proof?.confirmed === true && proof.decidedBy !== undefined ? [proof.decidedBy] : [],
  };
}

/** Services of boxes that differ in nothing else, those of many ports last. */
function servicesOf(group: readonly Draft[], sets: SessionSets): ServiceClass[] {
  const scale = { family: sets.space.family, kinds: sets.kinds, ports: sets.space.domainOf("dport") };
  const services = group.flatMap(({ box, special }) =>
    serviceClasses({ kinds: box[KIND] as Ranks, ports: box[PORT] as Ranks, sourcePorts: box[SOURCE_PORT] as Ranks, special }, scale),
  );
  return mergedServices(services, sets.space.family).toSorted((a, b) => firstPort(a) - firstPort(b));
}

const firstPort = ({ ports, protocols }: ServiceClass): number =>
  (ports === undefined ? 70_000 : 0) + Number((ports ?? protocols)[0]?.[0] ?? 0);

/** A session out of a box, from an ordinary port and between two addresses where there are such. */
function witnessFor(sets: SessionSets, { kind: claim, role }: Wanted, set: number, box: Box, names: SectionNames): Witness | undefined {
  const { diagrams } = sets.boxes;
  const here = diagrams.minus(diagrams.and(set, sets.boxes.diagramOf(box)), sets.pointless);
  const servers = names.ranges(box[SERVER] as Ranks).slice(0, ENDS_TRIED);
  const prefer = new Map<Field, readonly Value[]>([["sport", [50_000]]]);
  for (const [index, kind] of sets.kinds.entries()) {
    const own = sets.ofKind(here, index);
    if (own === NO) continue;
    const wish = { path: sets.path, about: "session", claim, kind, role } as const;
    const first = witnessOf(sets.space, own, { ...wish, prefer });
    if (sets.path === "local" || first === undefined || !isToItself(first)) return first;
    // A packet to its own sender goes nowhere: another server, where the set has one.
    return witnessOf(sets.space, own, { ...wish, prefer: new Map([...prefer, ["daddr", servers.flatMap(([low, high]) => [high, low])]]) });
  }
  return undefined;
}

/** Ranges of servers that are tried for a witness. */
const ENDS_TRIED = 50;

function isToItself({ packet }: Witness): boolean {
  const spec = parseNotation(packet);
  return !isNotationFault(spec) && spec.source.address === spec.destination.address;
}
