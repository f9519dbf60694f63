import type { NatRange } from "../conntrack/index.ts";
import { scopeOf6, selectAddress4, selectAddress6, type Interface } from "../host/index.ts";
import { IPV4_MAX, IPV6_MAX } from "../packet/index.ts";
import type { Nat, Scalar } from "../predicate/index.ts";
import type { Hook } from "../xtables/index.ts";
import type { Machine } from "./machine.ts";
import type { Packet } from "./packet.ts";

/** A nat action as a range with addresses, where it names an interface's instead; "drop" where that has none, "accept" where nothing is to be done. */
export function resolveRange(machine: Machine, action: Nat, hook: Hook, packet: Packet): NatRange | "accept" | "drop" {
  const common = {
    manip: action.manip,
    ports: action.ports,
    portBase: action.portBase,
    random: action.random,
    randomFully: action.randomFully,
    persistent: action.persistent,
  } as const;
  const { address } = action;
  switch (address.from) {
    case "packet":
      return common;
    case "range":
      return { ...common, addresses: [address.low, address.high] };
    case "netmap":
      // NETMAP rewrites what its hook is for. Kernel: xt_NETMAP.c, netmap_tg4.
      return {
        ...common,
        manip: hook === "POSTROUTING" || hook === "INPUT" ? "source" : "destination",
        netmap: true,
        addresses: netmapEnds(address.network, address.mask),
      };
    case "interface":
      return action.manip === "source" ? masquerade(machine, common, packet) : redirect(common, hook, packet);
  }
}

/** The first and last address of the network; the kernel takes the host bits from the packet. Kernel: xt_NETMAP.c. */
function netmapEnds(network: Scalar, mask: Scalar): readonly [Scalar, Scalar] {
  if (typeof network === "number" && typeof mask === "number") {
    const low = (network & mask) >>> 0;
    return [low, (low | (IPV4_MAX ^ mask)) >>> 0];
  }
  const low = BigInt(network) & BigInt(mask);
  return [low, low | (IPV6_MAX ^ BigInt(mask))];
}

/** Kernel: nf_nat_masquerade.c, nf_nat_masquerade_ipv4 and nf_nat_masquerade_ipv6. */
function masquerade(machine: Machine, common: Omit<NatRange, "addresses">, packet: Packet): NatRange | "accept" | "drop" {
  const device = packet.out;
  if (device === undefined) return "drop";
  const { router } = machine;
  if (packet.family === 6) {
    const address = selectAddress6(router.host, device, packet.destination as bigint);
    return address === undefined ? "drop" : { ...common, addresses: [address, address], masqueradeInterface: device.name };
  }
  // A packet from 0.0.0.0 is one that this machine sends before it has an address.
  if (packet.connection?.tuples[0].source === 0) return "accept";
  const next = Number(packet.gateway ?? packet.destination);
  const address = selectAddress4(router.host, device, next);
  return address === undefined ? "drop" : { ...common, addresses: [address, address], masqueradeInterface: device.name };
}

/** Kernel: nf_nat_redirect.c, nf_nat_redirect_ipv4 and nf_nat_redirect_ipv6. */
function redirect(common: Omit<NatRange, "addresses">, hook: Hook, packet: Packet): NatRange | "drop" {
  const address = hook === "OUTPUT" ? (packet.family === 4 ? 0x7f000001 : 1n) : packet.in && redirectAddress(packet.in, packet);
  return address === undefined || address === 0 || address === 0n ? "drop" : { ...common, addresses: [address, address] };
}

/** Scopes above it count as global. */
const SITE_SCOPE = 5;

function redirectAddress(device: Interface, packet: Packet): Scalar | undefined {
  const own = device.addresses.filter(address => address.family === packet.family).map(({ address }) => address);
  if (packet.family === 4) return own[0];
  // A destination of narrow scope needs an address of that scope. Kernel: nf_nat_redirect.c, nf_nat_redirect_ipv6_usable.
  const scope = scopeOf6(BigInt(packet.destination));
  return own.find(address => scope > SITE_SCOPE || scopeOf6(BigInt(address)) === scope);
}
