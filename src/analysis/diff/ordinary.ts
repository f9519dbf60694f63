import type { Family, Field, Scalar, Value } from "../../predicate/index.ts";
import type { Host } from "../../host/index.ts";
import type { Preferences } from "../../symbolic/index.ts";
import type { FamilyModel } from "../model.ts";
import type { Path } from "../witness.ts";

/** Addresses of documentation that stand for people outside. */
const OUTSIDE: Readonly<Record<Family, readonly Scalar[]>> = {
  4: [0xcb007109, 0xcb007150],
  6: [(0x20010db8n << 96n) | (1n << 80n) | 9n, (0x20010db8n << 96n) | (2n << 80n) | 0x80n],
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
