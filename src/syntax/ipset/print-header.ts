import { printAddress } from "../../packet/index.ts";
import type { IpSet } from "../../ruleset/index.ts";
import { keywords } from "./keywords.ts";
import { printHex, type Shown } from "./print-entry.ts";

/** What a set was made with, in the order of its type's keywords. `forceadd` is not among it: ipset 7.17 forgets it. libipset: session.c, list_create. */
export function headerOptions(set: IpSet): readonly Shown[] {
  const values = headerValues(set);
  return keywords(set.type, "create").flatMap(({ name, takes, ignored }): Shown[] => {
    const value = values.get(name);
    if (value === undefined || ignored === true) return [];
    return [takes ? [name, value] : [name]];
  });
}

function headerValues(set: IpSet): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const { made } = set;
  const { timeout, counters, comment, skbinfo } = made.options;
  if (timeout !== undefined) values.set("timeout", String(timeout));
  if (counters) values.set("counters", "");
  if (comment) values.set("comment", "");
  if (skbinfo) values.set("skbinfo", "");
  switch (made.method) {
    case "hash": {
      const { netmask, bitmask, markmask, maxelem, initval } = made.options;
      if (set.family !== undefined) values.set("family", set.family === 4 ? "inet" : "inet6");
      values.set("hashsize", String(made.hashsize)).set("maxelem", String(maxelem));
      values.set("bucketsize", String(made.bucketsize)).set("initval", printHex(initval)).set("markmask", printHex(markmask));
      if (netmask !== undefined) values.set("netmask", String(netmask));
      if (bitmask !== undefined) values.set("bitmask", printAddress(bitmask));
      return values;
    }
    case "bitmap": {
      const { low, high, netmask } = made.options;
      const print = set.type.parts[0] === "port" ? String : printAddress;
      values.set("range", `${print(low)}-${print(high)}`);
      if (netmask !== undefined) values.set("netmask", String(netmask));
      return values;
    }
    case "list":
      return values.set("size", String(made.options.size));
  }
}
