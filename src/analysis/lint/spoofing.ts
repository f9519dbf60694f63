import { among, any, CT_STATE, named, type Field, type Predicate, type Range, type Scalar, type Value } from "../../predicate/index.ts";
import { confOf, type Host } from "../../host/index.ts";
import { NO, type Diagram, type Preferences } from "../../symbolic/index.ts";
import type { Finding } from "../finding.ts";
import { found } from "./found.ts";
import type { Matter } from "./matter.ts";
import { networksOf } from "./networks.ts";
import { filtered, OPENER, projected, proof } from "./outlook.ts";
import { nowherePointer } from "./subject.ts";

/** F29: sources of one interface's network that another interface lets in, to services that strangers there do not get. Needs a host. */
export function spoofableSources(matter: Matter): Finding[] {
  const { host, family } = matter.subject;
  if (host === undefined) return [];
  const { diagrams } = matter.space;
  const networks = networksOf(matter.subject);
  const findings: Finding[] = [];
  for (const { name, link } of host.interfaces) {
    if (link === "loopback" || (family === 4 && confOf(host, "rp_filter", name) !== 0)) continue;
    const foreign = networks.filter(({ devices }) => !devices.includes(name));
    for (const path of ["in", "forward"] as const) {
      const { lowering } = matter.model;
      const leaving = path === "in" ? named("oif", "") : any(...others(host, name));
      const way = diagrams.and(lowering.set(named("iif", name)), lowering.set(leaving));
      // Routing would not bring answers back to all sources, so the table alone is asked.
      const accepted = filtered(
        matter,
        path === "in" ? "INPUT" : "FORWARD",
        [...OPENER, ["ctstate", CT_STATE.NEW]],
        ending => ending === "accept",
      );
      const here = diagrams.and(accepted, way);
      const strangers = services(
        matter,
        diagrams.minus(
          here,
          inside(
            matter,
            networks.map(({ range }) => range),
          ),
        ),
      );
      for (const { range, text, devices } of foreign) {
        const trusted = diagrams.and(here, matter.model.lowering.set(among("saddr", range)));
        const more = diagrams.and(trusted, diagrams.not(strangers));
        if (more === NO) continue;
        const prefer: Preferences = new Map<Field, readonly Value[]>([
          ["iif", [name]],
          ["saddr", [someIn(range)]],
        ]);
        const shown = proof(matter, more, { path, about: "packet", claim: "accepted", shape: OPENER, prefer });
        if (shown === undefined) continue;
        const at = shown.decidedBy ?? nowherePointer(family, "filter", path === "in" ? "INPUT" : "FORWARD");
        findings.push(
          found(
            "F29",
            at,
            `whoever sends on ${name} with a source in ${text}, the network of ${devices.join(" and ")}, gets what strangers there do not; reverse-path filtering is off`,
            {
              witness: shown.witness,
            },
          ),
        );
        break;
      }
    }
  }
  return findings;
}

/** The interfaces by which forwarded packets leave. */
const others = ({ interfaces }: Host, name: string): Predicate[] =>
  interfaces.flatMap(each => (each.link === "loopback" || each.name === name ? [] : [named("oif", each.name)]));

/** An address of a network that is seldom a router's. */
const someIn = ([low, high]: Range): Scalar => (typeof low === "bigint" ? low + 7n : Math.min(low + 7, Number(high)));

/** Destination ports of packets, whoever sends them. */
const services = (matter: Matter, set: Diagram): Diagram => projected(matter, set, ["dport"]);

const inside = ({ model, space }: Matter, ranges: readonly Range[]): Diagram =>
  ranges.reduce<Diagram>((set, range) => space.diagrams.or(set, model.lowering.set(among("saddr", range))), NO);
