import type { Facts, SetEnd } from "../../predicate/index.ts";
import { addressBits, masked, network } from "./address-range.ts";
import type { Element } from "./element.ts";
import { packetPort } from "./packet-port.ts";
import type { HashOptions } from "./set-options.ts";
import type { SetType } from "./set-type.ts";

/**
 * The key of a packet in a hash; addresses of nets have the given lengths. Undefined where the packet has no such key: no port, no Ethernet
 * address, no interface, or an address of which nothing is left under the set's mask. Kernel: the kadt functions of ip_set_hash_*.c.
 */
export function packetElement(
  type: SetType,
  options: HashOptions,
  facts: Facts,
  ends: readonly SetEnd[],
  lengths: readonly [number, number],
): Element | undefined {
  const element: { -readonly [K in keyof Element]: Element[K] } = {};
  let second = false;
  for (const [i, part] of type.parts.entries()) {
    const end = ends[i] ?? "dst";
    switch (part) {
      case "ip":
      case "net": {
        const address = facts.value(end === "src" ? "saddr" : "daddr");
        if (address === undefined || typeof address === "string") return undefined;
        const kept = type.netmask ? masked(address, options.mask) : address;
        if (type.netmask && part === "ip" && BigInt(kept) === 0n) return undefined;
        const length = second ? lengths[1] : lengths[0];
        const ip = part === "net" ? network(kept, length) : kept;
        if (second) {
          element.ip2 = ip;
          if (part === "net") element.cidr2 = length;
        } else {
          element.ip = ip;
          if (part === "net") element.cidr = length;
        }
        second = true;
        break;
      }
      case "port": {
        const port = packetPort(facts, end);
        if (!port) return undefined;
        element.port = port.port;
        element.protocol = port.protocol;
        break;
      }
      case "mac": {
        const mac = packetMac(facts, end);
        if (mac === undefined) return undefined;
        element.mac = mac;
        break;
      }
      case "mark": {
        const mark = facts.value("mark");
        element.mark = ((typeof mark === "number" ? mark : 0) & options.markmask) >>> 0;
        break;
      }
      case "iface": {
        const name = facts.value(end === "src" ? "iif" : "oif");
        if (typeof name !== "string" || name === "") return undefined;
        element.iface = name;
        element.physdev = false;
        break;
      }
      case "name":
        return undefined;
    }
  }
  return element;
}

/** The Ethernet address of a packet's sender; that of its receiver is not known here. A zero address counts as none. */
export function packetMac(facts: Facts, end: SetEnd): number | undefined {
  const mac = end === "src" ? facts.value("mac") : undefined;
  return typeof mac === "number" && mac !== 0 ? mac : undefined;
}

/** Lengths of single hosts. */
export function hostLengths(options: HashOptions): readonly [number, number] {
  const bits = addressBits(options.family ?? 4);
  return [bits, bits];
}
