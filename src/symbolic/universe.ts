import { all, among, any, named, not, type Family, type Field, type Predicate, type Range } from "../predicate/index.ts";
import type { Host } from "../host/index.ts";
import { LOOPBACK_NETWORK } from "./loopback.ts";
import type { SessionPath } from "./session-end.ts";

/** Addresses that one machine can have on a wire: no loopback, multicast, reserved ones, broadcast or "this network". */
export const UNICAST: Readonly<Record<Family, readonly Range[]>> = {
  4: [
    [0x01000000, 0x7effffff],
    [0x80000000, 0xdfffffff],
  ],
  6: [[2n, (0xffn << 120n) - 1n]],
};

/** Sessions that there can be on a path: which interfaces their packets have, and ordinary addresses at both ends. */
export function possible(path: SessionPath, family: Family, host: Host | undefined): Predicate {
  const unicast = (field: Field): Predicate => among(field, ...UNICAST[family]);
  const own = (field: Field): Predicate => among(field, ...UNICAST[family], LOOPBACK_NETWORK[family]);
  switch (path) {
    case "in":
      return all(wire("iif", host), none("oif"), unicast("saddr"), unicast("daddr"));
    case "out":
      return all(none("iif"), wire("oif", host), unicast("saddr"), unicast("daddr"));
    case "forward":
      return all(wire("iif", host), wire("oif", host), unicast("saddr"), unicast("daddr"));
    case "local":
      return all(none("iif"), not(none("oif")), own("saddr"), own("daddr"));
  }
}

const none = (field: Field): Predicate => named(field, "");

/** An interface other than loopback; one of the host's where there is one. */
function wire(field: Field, host: Host | undefined): Predicate {
  if (host === undefined) return not(any(named(field, ""), named(field, "lo")));
  return any(...host.interfaces.filter(({ link }) => link !== "loopback").map(({ name }) => named(field, name)));
}

/** Constants of these predicates, for a survey. */
export function possibilities(family: Family, host: Host | undefined): Predicate[] {
  return (["in", "out", "forward", "local"] as const).map(path => possible(path, family, host));
}
