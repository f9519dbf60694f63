import { among, any, named, not, type Family, type Field, type Predicate } from "../../predicate/index.ts";
import { UNICAST } from "../../symbolic/index.ts";
import type { FamilyModel } from "../model.ts";
import type { Path } from "../witness.ts";

/** Ports that every system gives clients: what RFC 6335 calls dynamic, as far as Linux takes them without being told. */
export const ORDINARY_PORTS = [49152, 60999] as const;

/** Packets that no wire brings on a path. */
export function impossible(path: Path, model: FamilyModel): Predicate {
  if (path === "local") return any();
  return any(
    ...(path === "out" ? [] : [nowhere("iif", model)]),
    ...(path === "in" ? [] : [nowhere("oif", model)]),
    not(among("saddr", ...UNICAST[model.family])),
    // Without multicast routing, of which rules say nothing, only packets to one machine are passed on.
    path === "forward" ? not(among("daddr", ...UNICAST[model.family])) : NO_SERVERS[model.family],
  );
}

/** No interface, loopback, and interfaces that the machine has not. */
export function nowhere(field: Field, { host }: FamilyModel): Predicate {
  const missing = host === undefined ? [] : [not(any(...host.interfaces.map(({ name }) => named(field, name))))];
  return any(named(field, ""), named(field, "lo"), ...missing);
}

/** Servers are on no wire there: this network and loopback. */
export const NO_SERVERS: Readonly<Record<Family, Predicate>> = {
  4: among("daddr", [0, 0x00ffffff], [0x7f000000, 0x7fffffff]),
  6: among("daddr", [0n, 1n]),
};

/** What the levels of a model must tell apart for tables of sessions. */
export const SESSION_QUESTIONS: Readonly<Record<Family, readonly Predicate[]>> = {
  4: [among("sport", ORDINARY_PORTS), NO_SERVERS[4]],
  6: [among("sport", ORDINARY_PORTS), NO_SERVERS[6]],
};
