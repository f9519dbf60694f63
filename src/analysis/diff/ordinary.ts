import { among, any, named, not, type Family, type Field, type Scalar, type Value } from "../../predicate/index.ts";
import type { Host } from "../../host/index.ts";
import type { Diagram, Preferences } from "../../symbolic/index.ts";
import { possibleOn, type FamilyModel } from "../model.ts";
import type { Path } from "../witness.ts";

/** Addresses of documentation that stand for people outside. */
const OUTSIDE: Readonly<Record<Family, readonly Scalar[]>> = {
  4: [0xcb007109, 0xcb007150],
  6: [(0x20010db8n << 96n) | (1n << 80n) | 9n, (0x20010db8n << 96n) | (2n << 80n) | 0x80n],
};

/** Other addresses that a machine might have. */
const OTHERS: Readonly<Record<Family, readonly Scalar[]>> = {
  4: [0xc6336405, 0xc0a80105, 0x0a000005],
  6: [(0x20010db8n << 96n) | (0xfn << 64n) | 5n, (0xfd00n << 112n) | 5n],
};

/** Addresses that witnesses should have, one choice after the other: if one meets itself or its own machine, the next may not. */
export function preferencesFor({ host, family }: FamilyModel, path: Path): readonly Preferences[] {
  const near = neighbours(host, family);
  const outside = OUTSIDE[family];
  const choices: readonly (readonly [clients: readonly Scalar[], servers: readonly Scalar[]])[] = [
    [
      [...outside, ...near],
      [...outside.toReversed(), ...near.toReversed()],
    ],
    [
      [...near, ...outside],
      [...near.toReversed(), ...outside],
    ],
    [
      [...outside.map(next), ...near.map(next)],
      [...near.toReversed().map(next), ...outside],
    ],
  ];
  return choices.map(([clients, servers], index) => {
    const wanted = new Map<Field, readonly Value[]>();
    if (path === "in" || path === "forward") wanted.set("saddr", clients);
    if (path === "out" && index > 0 && host === undefined) wanted.set("saddr", OTHERS[family]);
    if (path === "out" || path === "forward" || (path === "in" && index > 0 && host === undefined)) wanted.set("daddr", servers);
    return wanted;
  });
}

const next = (address: Scalar): Scalar => (typeof address === "number" ? address + 1 : address + 1n);

/** Machines in the networks of the host's interfaces. */
function neighbours(host: Host | undefined, family: Family): Scalar[] {
  return (host?.interfaces ?? []).flatMap(({ link, addresses }) =>
    addresses.flatMap(({ family: own, address, prefixLength }): Scalar[] => {
      if (link === "loopback" || own !== family || prefixLength > (family === 4 ? 28 : 124)) return [];
      const low = typeof address === "number" ? address & 0xf : Number(address & 0xfn);
      return (low < 8 ? [5, 6] : [-5, -6]).map(step => (typeof address === "number" ? address + step : address + BigInt(step)));
    }),
  );
}

/** Addresses of loopback. */
const LOOPBACK: Readonly<Record<Family, readonly [low: Scalar, high: Scalar]>> = { 4: [0x7f000000, 0x7fffffff], 6: [1n, 1n] };

/** Sessions that there can be on a path: what is for loopback leaves by it. */
export function possibleHere(model: FamilyModel, path: Path): Diagram {
  const possible = possibleOn(model, path);
  if (path !== "local") return possible;
  const looped = any(named("oif", "lo"), not(among("daddr", LOOPBACK[model.family])));
  return model.space.diagrams.and(possible, model.lowering.set(looped));
}
