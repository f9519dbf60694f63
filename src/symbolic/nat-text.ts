import { printAddress } from "../packet/index.ts";
import type { Family, Nat } from "../predicate/index.ts";

/** A NAT action in words that tell its mappings apart: `destination 10.0.0.5:80`, `source of the interface`. */
export function natText({ manip, address, ports, portBase, random, randomFully, persistent }: Nat, family: Family): string {
  const port =
    ports === undefined ? "" : `:${ports[0] === ports[1] ? ports[0] : ports.join("-")}${portBase === undefined ? "" : `/${portBase}`}`;
  const flags = [random ? " random" : "", randomFully ? " random-fully" : "", persistent ? " persistent" : ""].join("");
  return `${manip} ${addressText(address, family)}${port}${flags}`;
}

function addressText(address: Nat["address"], family: Family): string {
  const print = (value: number | bigint): string => printAddress(family === 4 ? Number(value) : BigInt(value));
  switch (address.from) {
    case "packet":
      return "unchanged";
    case "range":
      return address.low === address.high ? print(address.low) : `${print(address.low)}-${print(address.high)}`;
    case "interface":
      return "of the interface";
    case "netmap":
      return `${print(address.network)}/${print(address.mask)}`;
  }
}
