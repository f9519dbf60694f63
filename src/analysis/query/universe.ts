import { all, among, any, equal, named, not, present, type Family, type Field, type Predicate, type Range } from "../../predicate/index.ts";
import { UNICAST } from "../../symbolic/index.ts";
import type { Path } from "../witness.ts";

/** Interfaces as packets on a path have them. */
function wires(path: Path): Predicate {
  const none = (field: Field): Predicate => named(field, "");
  const wire = (field: Field): Predicate => not(any(none(field), named(field, "lo")));
  switch (path) {
    case "in":
      return all(wire("iif"), none("oif"));
    case "out":
      return all(none("iif"), wire("oif"), not(present("mac")));
    case "forward":
      return all(wire("iif"), wire("oif"));
    case "local":
      return not(present("mac"));
  }
}

/** Addresses that packets on a path can have: the stack drops others whatever rules say. Kernel: route.c, ip_route_input_slow. */
function addresses(path: Path, family: Family): Predicate {
  if (path === "local") return all(...(["saddr", "daddr"] as const).map(end => among(end, ...UNICAST[family], LOOPBACK[family])));
  const many: readonly Range[] = path === "forward" ? [] : MULTICAST[family];
  const usual = all(among("saddr", ...UNICAST[family]), among("daddr", ...UNICAST[family], ...many));
  // Who has no address yet asks everybody for one.
  return family === 4 && path === "in" ? any(usual, all(equal("saddr", 0), equal("daddr", 0xffffffff))) : usual;
}

const LOOPBACK: Readonly<Record<Family, Range>> = { 4: [0x7f000000, 0x7fffffff], 6: [1n, 1n] };

/** To many at once: multicast, and in IPv4 broadcast. */
const MULTICAST: Readonly<Record<Family, readonly Range[]>> = {
  4: [
    [0xe0000000, 0xefffffff],
    [0xffffffff, 0xffffffff],
  ],
  6: [[0xffn << 120n, (1n << 128n) - 1n]],
};

/** Packets that there can be on a path, by their interfaces and addresses. */
export const universe = (path: Path, family: Family): Predicate => all(wires(path), addresses(path, family));
