import type { Scalar } from "../../predicate/index.ts";

/** The key of one entry: what its set's dimensions say. Ports of ICMP are type times 256 plus code. */
export interface Element {
  readonly ip?: Scalar;
  readonly cidr?: number;
  readonly ip2?: Scalar;
  readonly cidr2?: number;
  readonly protocol?: number;
  readonly port?: number;
  readonly mark?: number;
  readonly mac?: number;
  readonly iface?: string;
  readonly physdev?: boolean;
  /** The interface's name is the start of one. */
  readonly wildcard?: boolean;
}
