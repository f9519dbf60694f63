import { parseIpv4Aton, parseIpv6 } from "../packet/index.ts";
import type { Family, Scalar } from "../predicate/index.ts";

/** How host names in rules are looked up. */
export interface HostNames {
  /** Names that are not known stay names. */
  readonly keepNames: boolean;
  readonly resolve: ((name: string, family: Family) => readonly Scalar[] | undefined) | undefined;
  /** Looks up what was asked for and not known; true when more is known now, so that reading again may say more. */
  learn(): Promise<boolean>;
}

const nothing = (): Promise<boolean> => Promise.resolve(false);

/** Names stay as they are. */
export const KEPT_NAMES: HostNames = { keepNames: true, resolve: undefined, learn: nothing };

/** Names as a hosts file gives them: `address name alias…` lines; others are not found. */
export function namesFromFile(text: string): HostNames {
  const known = new Map<string, Scalar[]>();
  for (const line of text.split(/\r?\n/)) {
    const [address = "", ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
    const value = parseIpv6(address) ?? parseIpv4Aton(address)?.address;
    if (value === undefined) continue;
    for (const name of names) add(known, keyOf(name, typeof value === "bigint" ? 6 : 4), value);
  }
  return { keepNames: false, resolve: (name, family) => known.get(keyOf(name, family)) ?? loopback(name, family), learn: nothing };
}

/** Names that one ruleset may ask the network for. */
const MOST_ASKED = 1000;

/** Names as this machine resolves them, over the network too. Each is asked for once. */
export function namesFromNetwork(): HostNames {
  const known = new Map<string, Scalar[]>();
  const asked = new Map<string, { readonly name: string; readonly family: Family }>();
  return {
    keepNames: false,
    resolve(name, family) {
      const key = keyOf(name, family);
      if (!known.has(key) && asked.size < MOST_ASKED) asked.set(key, { name, family });
      return known.get(key) ?? loopback(name, family);
    },
    async learn() {
      const open = [...asked];
      asked.clear();
      const found = await Promise.all(open.map(([, { name, family }]) => addressesOf(name, family)));
      for (const [index, [key]] of open.entries()) known.set(key, found[index] ?? []);
      return found.some(addresses => addresses.length > 0);
    },
  };
}

async function addressesOf(name: string, family: Family): Promise<Scalar[]> {
  try {
    const { lookup } = await import("node:dns/promises");
    const found = await lookup(name, { all: true, family });
    return found.flatMap(({ address }) => (family === 4 ? (parseIpv4Aton(address)?.address ?? []) : (parseIpv6(address) ?? [])));
  } catch {
    return [];
  }
}

function add(known: Map<string, Scalar[]>, key: string, value: Scalar): void {
  const list = known.get(key);
  if (list) list.push(value);
  else known.set(key, [value]);
}

const keyOf = (name: string, family: Family): string => `${family} ${name.toLowerCase()}`;

const loopback = (name: string, family: Family): readonly Scalar[] | undefined =>
  name.toLowerCase() === "localhost" ? [family === 4 ? 0x7f000001 : 1n] : undefined;
