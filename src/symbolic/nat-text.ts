import { printAddress } from "../packet/index.ts";
import type { Family, Nat } from "../predicate/index.ts";
import type { End } from "./unchanged.ts";

/** A NAT action in words that tell its mappings apart: `destination 10.0.0.5:80`, `source of the interface`. */
export function natText({ manip, address, ports, portBase, random, randomFully, persistent }: Nat, family: Family): string {
  const port =
    ports === undefined ? "" : `:${ports[0] === ports[1] ? ports[0] : ports.join("-")}${portBase === undefined ? "" : `/${portBase}`}`;
  const flags = [random ? " random" : "", randomFully ? " random-fully" : "", persistent ? " persistent" : ""].join("");
  return `${manip} ${addressText(address, family)}${port}${flags}`;
}

/** Do the words of a NAT action say that it gives one end of a packet another address? */
export const readdresses = (words: string, end: End): boolean => words.startsWith(`${end} `) && !words.startsWith(`${end} ${UNCHANGED}`);

const UNCHANGED = "unchanged";

function addressText(address: Nat["address"], family: Family): string {
  const print = (value: number | bigint): string => printAddress(family === 4 ? Number(value) : BigInt(value));
  switch (address.from) {
    case "packet":
      return UNCHANGED;
    case "range":
      return address.low === address.high ? print(address.low) : `${print(address.low)}-${print(address.high)}`;
    case "interface":
      return "of the interface";
    case "netmap":
      return `${print(address.network)}/${print(address.mask)}`;
  }
}
