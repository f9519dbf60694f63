import { all, among, any, named, type Predicate } from "../predicate/index.ts";
import type { Ruleset } from "../ruleset/index.ts";
import { NO, YES, type Diagram } from "./diagrams.ts";
import { clientView } from "./hooks.ts";
import { SETTING_OUT } from "./level.ts";
import { LOOPBACK_NETWORK } from "./loopback.ts";
import { Lowering } from "./lower.ts";
import type { Results } from "./outcome.ts";
import { routeTests, type RouteTests } from "./routes.ts";
import type { SessionPath } from "./session-end.ts";
import { LOCAL_DESTINATION, LOCAL_DESTINATION_KEY } from "./surroundings.ts";
import { substituted, transform } from "./transform.ts";

/** Routing as a stage of paths: packets that it takes to another path end `elsewhere`. */
export class PathRouting {
  private readonly results: Results;
  private readonly routes: RouteTests | undefined;
  private readonly lowering: Lowering;
  /** May whose address the destination is matter beyond what the path says of it? */
  private readonly open: boolean;
  /** May NAT change the destinations of packets of this machine? */
  readonly redirects: boolean;
  /** May NAT send packets of this machine by another interface than the one that OUTPUT sees? Only a host's routes tell. */
  readonly turns: boolean;

  constructor(results: Results, ruleset: Ruleset) {
    const { space } = results;
    this.open = space.surroundings.asksOwn("daddr") || movesDestinations(ruleset);
    const { host } = space.surroundings.known;
    this.results = results;
    this.routes = host && routeTests(host, space.family);
    this.redirects = movesDestinations(ruleset) && (ruleset.tables.get("nat")?.chains.get("OUTPUT")?.rules.length ?? 0) > 0;
    this.turns = host !== undefined && this.redirects;
    this.lowering = new Lowering(space, clientView(space));
  }

  /** Where routing takes the client's packets once NAT has rewritten their destinations; without a host, where the path says. */
  stage(path: SessionPath): Diagram {
    const { routes } = this;
    const { diagrams } = this.results.space;
    const set = (predicate: Predicate): Diagram => this.lowering.set(predicate);
    if (routes === undefined) {
      if (path === "local") return this.onlyFor(this.own());
      const looped = set(any(among("daddr", LOOPBACK_NETWORK[this.results.space.family]), named("oif", "lo")));
      // Where NAT sends a packet of this machine is said with the destination that it gives it.
      if (path === "out") return this.onlyFor(diagrams.not(this.open ? diagrams.or(looped, this.own()) : looped));
      if (!this.open) return this.results.accept;
      return this.onlyFor(path === "in" ? this.own() : diagrams.not(this.own()));
    }
    const local = set(routes.local("daddr"));
    // A broadcast address is nobody's to send from.
    const home = set(routes.local("saddr"));
    const own = set(routes.own("saddr"));
    switch (path) {
      case "in":
        return this.onlyFor(diagrams.minus(diagrams.and(local, set(routes.leaves("saddr", "iif"))), home));
      case "forward": {
        const ways = diagrams.and(set(routes.leaves("daddr", "oif")), set(routes.leaves("saddr", "iif")));
        return this.onlyFor(routes.forwards ? diagrams.minus(ways, diagrams.or(local, home)) : NO);
      }
      case "out":
        return this.onlyFor(diagrams.and(own, set(any(routes.leaves("daddr", "oif"), routes.spreads("daddr", "oif")))));
      case "local":
        return this.onlyFor(diagrams.and(own, set(routes.own("daddr"))));
    }
  }

  /** The interface that packets of this machine set out for, before NAT sends them elsewhere. */
  setOut(): Diagram {
    const { routes } = this;
    if (routes === undefined) return this.results.accept;
    return this.onlyFor(this.lowering.set(any(all(routes.own("daddr"), named("oif", "lo")), routes.leaves("daddr", "oif"))));
  }

  /** What tables of OUTPUT see: the interface that the packet set out for is asked for by itself. */
  seenSettingOut(f: Diagram): Diagram {
    const { space } = this.results;
    if (!this.turns) return f;
    const asked = { source: space.fieldLevel("oif", SETTING_OUT), table: undefined };
    return substituted(space, f, transform(new Map([[space.fieldLevel("oif"), asked]]), []));
  }

  /** The whole way of packets of this machine: where they set out for follows from where they were to go. */
  settingOut(f: Diagram): Diagram {
    const { space } = this.results;
    const { diagrams } = space;
    if (this.routes === undefined || !this.turns || f < 0) return f;
    const level = space.fieldLevel("oif", SETTING_OUT);
    if (!diagrams.asks(f, level)) return f;
    const ways = [["lo", this.routes.own("daddr")] as const, ...this.routes.ways("daddr")];
    return ways.reduce((rest: Diagram, [device, to]) => {
      const here = diagrams.restrict(f, level, space.domainOf("oif").rankOf(device));
      return diagrams.choose(this.lowering.set(to), here, rest);
    }, this.results.leaf("elsewhere"));
  }

  /** The same of packets on the local path: without a host, what sets out by loopback is for this machine, and anything else if NAT says so. */
  settingOutLocally(f: Diagram): Diagram {
    const { space } = this.results;
    if (this.routes !== undefined) return f;
    const level = space.conditionLevel(LOCAL_DESTINATION_KEY, LOCAL_DESTINATION);
    const looped = this.lowering.set(named("oif", "lo"));
    return space.diagrams.choose(looped, space.diagrams.restrict(f, level, 1), space.diagrams.restrict(f, level, 0));
  }

  /**
   * What packets meet before NAT that may bring them home: of those that set out by a wire and do not get as far as that, nobody says that they
   * would have been for this machine.
   */
  beforeNat(f: Diagram): Diagram {
    const { results } = this;
    const { diagrams } = results.space;
    const gone = new Set(diagrams.leavesOf(f).filter(leaf => results.of(leaf).ending !== "accept"));
    if (gone.size === 0) return f;
    const elsewhere = results.leaf("elsewhere");
    return diagrams.choose(
      this.lowering.set(named("oif", "lo")),
      f,
      diagrams.mapSome(f, gone, () => elsewhere),
    );
  }

  /** The destination is this machine's: without a host a condition that NAT decides. */
  private own(): Diagram {
    const { space } = this.results;
    return space.diagrams.interval(space.conditionLevel(LOCAL_DESTINATION_KEY, LOCAL_DESTINATION), 1, 1, 1, YES, NO);
  }

  private onlyFor(set: Diagram): Diagram {
    return this.results.space.diagrams.choose(set, this.results.accept, this.results.leaf("elsewhere"));
  }
}

/** May NAT send packets to other destinations? */
function movesDestinations({ tables }: Ruleset): boolean {
  for (const { chains } of tables.values())
    for (const { rules } of chains.values())
      for (const { target } of rules) {
        const action = target?.action;
        if (action?.do === "nat" && (action.manip === "destination" || action.address.from === "netmap")) return true;
      }
  return false;
}
