import { mask4, mask6, printAddress } from "../packet/index.ts";
import type { Family, Range, Scalar } from "../predicate/index.ts";
import type { Host } from "./host.ts";
import { sysctl } from "./sysctls.ts";

/** A network that the machine is in by an interface: who is in it reaches the others past this machine. */
export interface ConnectedNetwork {
  readonly device: string;
  /** First and last address. */
  readonly range: Range;
  /** `192.168.1.0/24` */
  readonly text: string;
}

/** The networks of a host's interfaces, loopback and single addresses aside. */
export function connectedNetworks({ interfaces }: Host, family: Family): ConnectedNetwork[] {
  return interfaces
    .filter(({ link }) => link !== "loopback")
    .flatMap(({ name, addresses }) =>
      addresses
        .filter(own => own.family === family && own.prefixLength < (family === 4 ? 32 : 128))
        .map(({ address, prefixLength }) => ({ device: name, ...networkOf(address, prefixLength) })),
    );
}

/**
 * Those whose members reach each other past this machine's rules. A bridge of this machine is none where its frames meet the IP tables: an answer
 * between its ports is tracked, and translated back. Kernel: br_netfilter_hooks.c.
 */
export function neighbourNetworks(host: Host, family: Family): ConnectedNetwork[] {
  const called = sysctl(host, family === 4 ? "net.bridge.bridge-nf-call-iptables" : "net.bridge.bridge-nf-call-ip6tables") !== 0;
  const bridges = new Set(called ? host.interfaces.map(({ bridge }) => bridge) : []);
  return connectedNetworks(host, family).filter(({ device }) => !bridges.has(device));
}

/** The network that an address is in, by its prefix length. */
export function networkOf(address: Scalar, prefixLength: number): Pick<ConnectedNetwork, "range" | "text"> {
  if (typeof address === "bigint") {
    const mask = mask6(prefixLength);
    const low = address & mask;
    return { range: [low, low | (~mask & ((1n << 128n) - 1n))], text: `${printAddress(low)}/${prefixLength}` };
  }
  const mask = mask4(prefixLength);
  const low = (address & mask) >>> 0;
  return { range: [low, (low | ~mask) >>> 0], text: `${printAddress(low)}/${prefixLength}` };
}
