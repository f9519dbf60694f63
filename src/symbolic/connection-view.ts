import { CONNECTION_FIELDS, CT_STATE, CT_STATUS, type Field } from "../predicate/index.ts";
import { NO, YES, type Diagram } from "./diagrams.ts";
import { LATER, PER_PACKET, type Instance } from "./level.ts";
import { keptAbsent } from "./rank-tables.ts";
import type { Space } from "./space.ts";
import { assignmentOf, substituted, transform, type Assignment, type Transform } from "./transform.ts";
import { inRanks, REPLY_TUPLE, sameRanks } from "./tuple-ranks.ts";

/** What packets of sessions have by their connection: its tuples, its mark, its direction. */
export class ConnectionView {
  private readonly space: Space;
  private readonly notracks: boolean;
  /** Does any rule ask for such things? */
  private readonly asked: boolean;

  /** `notracks`: may packets be kept from tracking? */
  constructor(space: Space, notracks: boolean) {
    this.space = space;
    this.notracks = notracks;
    this.asked = CONNECTION_FIELDS.some(field => space.used.has(field));
  }

  /** Packets with what their connection has, behind an opener that was changed so; nothing where tracking calls them INVALID. */
  seen(f: Diagram, instance: Instance, change: Transform | undefined): Diagram {
    if (f < 0 || !this.asked) return f;
    const { space } = this;
    const { diagrams } = space;
    const known = new Map<number, number>();
    if (space.used.has("ctdir")) known.set(space.fieldLevel("ctdir"), space.domainOf("ctdir").rankOf(instance));
    for (const group of space.groupsOf("ctmark") ?? []) {
      const level = space.fieldLevel("ctmark", 0, group);
      known.set(level, this.afterwards(change && assignmentOf(change, level), level, group.domain.rankOf(0n)));
    }
    const connected = diagrams.assume(this.withTuple(f, change), known);
    if (change !== undefined && !this.notracks) return connected;
    const none = new Map<number, number>();
    for (const level of this.levels(instance)) none.set(level, ABSENT);
    const states = space.domainOf("ctstate");
    const invalid = states.rankOf(CT_STATE.INVALID);
    const unconnected = diagrams.interval(space.fieldLevel("ctstate"), invalid, invalid, states.size - 1, YES, NO);
    return diagrams.choose(unconnected, diagrams.assume(f, none), connected);
  }

  /** Levels of all that a packet has by its connection alone. */
  levels(instance: Instance): readonly number[] {
    const { space } = this;
    return CONNECTION_FIELDS.filter(field => space.used.has(field)).flatMap(field =>
      (space.groupsOf(field) ?? [undefined]).map(group => space.fieldLevel(field, PER_PACKET.has(field) ? instance : 0, group)),
    );
  }

  /** What a client's packet meets that has come back over loopback: its connection entered the table behind POSTROUTING. Kernel: nf_conntrack_core.c, __nf_conntrack_confirm. */
  confirmed(f: Diagram): Diagram {
    const { space } = this;
    const changes = new Map<number, Assignment>();
    const status = space.groupsOf("ctstatus")?.find(({ mask }) => mask === BigInt(CT_STATUS.CONFIRMED));
    if (status !== undefined) {
      const level = space.fieldLevel("ctstatus", 0, status);
      changes.set(
        level,
        keptAbsent(status.domain, level, () => status.domain.rankOf(1n)),
      );
    }
    if (space.used.has("ctexpire"))
      changes.set(space.fieldLevel("ctexpire"), { source: space.fieldLevel("ctexpire", LATER), table: undefined });
    return substituted(space, f, transform(changes, []));
  }

  /** What a mark of the connection is once the opener is through: it begins as 0, as the packet's does. */
  private afterwards(to: Assignment | undefined, level: number, unmarked: number): number {
    if (to === undefined) return unmarked;
    if (to.rank !== undefined) return to.rank;
    if (to.table === undefined) return unmarked;
    const source = this.space.levels[to.source];
    const start = to.source === level ? unmarked : source?.is === "field" ? source.domain.rankOf(0n) : 0;
    return to.table[start] ?? unmarked;
  }

  /** The tuple that tracking remembers is the opener's, as it was sent, and its answer's, as NAT makes it. Packets without ports have their kind's. */
  private withTuple(f: Diagram, change: Transform | undefined): Diagram {
    const { space } = this;
    const addressed = substituted(space, f, this.ownTuple(change, OWN_ADDRESSES));
    if (addressed < 0 || !OWN_PORTS.some(([own]) => space.used.has(own))) return addressed;
    const ported = substituted(space, addressed, this.ownTuple(change, OWN_PORTS));
    const domain = space.domainOf("dport");
    const present = space.diagrams.interval(space.fieldLevel("dport"), Number(domain.optional), domain.size - 1, domain.size - 1, YES, NO);
    return space.diagrams.choose(this.besidesDccp(present), ported, addressed);
  }

  /** DCCP has ports that tracking does not look at. */
  private besidesDccp(f: Diagram): Diagram {
    const { space } = this;
    if (!space.protocols.has(DCCP)) return f;
    const domain = space.domainOf("protocol");
    const rank = domain.rankOf(DCCP);
    return space.diagrams.minus(f, space.diagrams.interval(space.fieldLevel("protocol"), rank, rank, domain.size - 1, YES, NO));
  }

  private ownTuple(change: Transform | undefined, tuple: typeof OWN_PORTS): Transform {
    const assignments = new Map<number, Assignment>();
    for (const [own, field] of tuple) {
      if (!this.space.used.has(own)) continue;
      const level = this.space.fieldLevel(own);
      const source = this.space.fieldLevel(field);
      const to = change && assignmentOf(change, source);
      const table = sameRanks(this.space, field, own);
      assignments.set(level, to !== undefined && REPLY_TUPLE[field] === own ? inRanks(to, table) : { source, table });
    }
    return transform(assignments, []);
  }
}

const DCCP = 33;

/** The least rank of a field that may be absent. */
const ABSENT = 0;

/** Fields of the connection's tuples, and the fields of an opener that they begin as. */
const OWN_ADDRESSES: readonly (readonly [own: Field, field: Field])[] = [
  ["ctproto", "protocol"],
  ["ctorigsrc", "saddr"],
  ["ctorigdst", "daddr"],
  ["ctreplsrc", "daddr"],
  ["ctrepldst", "saddr"],
];
const OWN_PORTS: readonly (readonly [own: Field, field: Field])[] = [
  ["ctorigsrcport", "sport"],
  ["ctorigdstport", "dport"],
  ["ctreplsrcport", "dport"],
  ["ctrepldstport", "sport"],
];

/** All of them. */
export const TUPLES: readonly (readonly [own: Field, field: Field])[] = [...OWN_ADDRESSES, ...OWN_PORTS];
