import { mask4, mask6, printAddress } from "../packet/index.ts";
import type { Family, Range, Scalar } from "../predicate/index.ts";
import type { Host } from "./host.ts";

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
