import type { Host, InterfaceAddress } from "../../host/index.ts";
import { closest, mask4, mask6, type Interval } from "../../packet/index.ts";
import { always, among, any, invertIf, member, never, type Family, type Predicate, type Scalar } from "../../predicate/index.ts";
import type { AddressItem, AddressSet } from "./question.ts";
import { shown, Stop } from "./reader.ts";
import type { Standing, Surroundings } from "./surroundings.ts";

/** A client's (`saddr`) or a server's (`daddr`) address in a set. */
export function addressTest({ invert, items }: AddressSet, field: "saddr" | "daddr", standing: Standing): Predicate {
  return invertIf(invert, any(...items.map(item => itemTest(item, field, standing))));
}

/** Can addresses of the family be in the set? Checks names; stops at one that means nothing. */
export function mayBe({ invert, items }: AddressSet, family: Family, surroundings: Surroundings): boolean {
  const found = items.map(item => isIn(item, family, surroundings));
  return invert || found.includes(true);
}

/** Stops at a name that means nothing. */
export function checkNames(set: AddressSet, surroundings: Surroundings): void {
  for (const family of [4, 6] as const) mayBe(set, family, surroundings);
}

function isIn(item: AddressItem, family: Family, surroundings: Surroundings): boolean {
  switch (item.is) {
    case "any":
    case "self":
      return true;
    case "range":
    case "prefix":
      return item.family === family;
    case "set":
      return checkSet(item, surroundings) ?? true;
    case "net":
      return networks(item, family, surroundings).length > 0;
    case "name":
      return addressesOf(item, family, surroundings).length > 0;
  }
}

function itemTest(item: AddressItem, field: "saddr" | "daddr", { family, path, surroundings }: Standing): Predicate {
  switch (item.is) {
    case "any":
      return always;
    case "self": {
      const { host } = surroundings;
      if (host) return among(field, ...ownAddresses(host, family));
      const mine = path === "local" || path === (field === "saddr" ? "out" : "in");
      return mine ? always : never;
    }
    case "range":
      return item.family === family ? among(field, [item.low, item.high]) : never;
    case "prefix":
      return item.family === family ? among(field, prefixRange(item.address, item.length)) : never;
    case "set":
      return member({
        set: item.name,
        dimensions: [field === "saddr" ? "src" : "dst"],
        returnNomatch: false,
        updateCounters: false,
        updateSubcounters: false,
      });
    case "net":
      return among(field, ...networks(item, family, surroundings));
    case "name":
      return among(field, ...addressesOf(item, family, surroundings).map((address): [Scalar, Scalar] => [address, address]));
  }
}

/** First and last address of a prefix whose address has no bits beyond its length. */
export function prefixRange(address: Scalar, length: number): [Scalar, Scalar] {
  return typeof address === "bigint"
    ? [address, address | ((1n << 128n) - 1n - mask6(length))]
    : [address, (address | ~mask4(length)) >>> 0];
}

type RangeOf = Interval<number> | Interval<bigint>;

/** The addresses that a host takes for its own: of loopback the whole of 127.0.0.0/8. */
export function ownAddresses({ interfaces }: Host, family: Family): readonly RangeOf[] {
  return interfaces.flatMap(({ link, addresses }) =>
    addresses
      .filter(each => each.family === family)
      .map(each => (link === "loopback" && family === 4 ? networkOf(each) : ([each.address, each.address] as RangeOf))),
  );
}

function networkOf({ address, peer, prefixLength }: InterfaceAddress): RangeOf {
  const within = peer ?? address;
  const first = typeof within === "bigint" ? within & mask6(prefixLength) : (within & mask4(prefixLength)) >>> 0;
  return prefixRange(first, prefixLength) as RangeOf;
}

function networks(item: AddressItem & { readonly is: "net" }, family: Family, { host }: Surroundings): readonly RangeOf[] {
  const { start, end, interface: name } = item;
  if (host === undefined) throw new Stop({ message: `net(${name}) needs to know the machine (--host, --if)`, start, end });
  const found = host.interfaces.find(each => each.name === name);
  const names = host.interfaces.map(each => each.name);
  if (found) return found.addresses.filter(each => each.family === family).map(networkOf);
  throw new Stop({ message: `the host has no interface ${name}: it has ${names.join(", ")}`, start, end, guess: closest(name, names) });
}

function addressesOf(
  item: AddressItem & { readonly is: "name" },
  family: Family,
  { resolve, namedSets, sets, host }: Surroundings,
): readonly Scalar[] {
  const { start, end, name } = item;
  const found = ([4, 6] as const).map(each => resolve?.(name, each));
  if (found.some(each => each !== undefined && each.length > 0)) return found[family === 4 ? 0 : 1] ?? [];
  const others = [
    "any",
    "self",
    ...setNames({ namedSets, sets }).map(each => `@${each}`),
    ...(host?.interfaces ?? []).map(each => `net(${each.name})`),
  ];
  const guess = others.find(each => each === `@${name}` || each === `net(${name})`) ?? closest(name, others);
  throw new Stop({ message: `${shown(name)} is no address, and no host of that name is known (--resolve FILE)`, start, end, guess });
}

const setNames = ({ sets, namedSets }: Pick<Surroundings, "sets" | "namedSets">): readonly string[] => [
  ...new Set([...Array.from(sets?.list() ?? [], ({ name }) => name), ...namedSets]),
];

/** Stops at a set that nobody speaks of, and at one that is of more than addresses. */
function checkSet({ name, start, end }: AddressItem & { readonly is: "set" }, surroundings: Surroundings): undefined {
  const set = surroundings.sets?.get(name);
  const names = setNames(surroundings);
  if (set === undefined && !names.includes(name))
    throw new Stop({
      message: `there is no set ${shown(name)}: neither the rules nor --ipset name it`,
      start,
      end,
      guess: guessSet(name, names),
    });
  const parts = set?.type.parts ?? [];
  if (parts.length > 1 || (parts[0] !== undefined && !ADDRESSES.includes(parts[0])))
    throw new Stop({ message: `the set ${name} is of type ${set?.type.name}, which is more than addresses`, start, end });
  return undefined;
}

const guessSet = (name: string, names: readonly string[]): string | undefined => {
  const near = closest(name, names);
  return near === undefined ? undefined : `@${near}`;
};

/** What a set of addresses may hold; a list may hold such sets. */
const ADDRESSES: readonly string[] = ["ip", "net", "name"];
