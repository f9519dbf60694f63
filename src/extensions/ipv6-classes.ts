import type { Range } from "../predicate/index.ts";

const MAX = (1n << 128n) - 1n;

/** ff00::/8 */
export const MULTICAST6: Range = [0xffn << 120n, MAX];

/** :: alone. */
export const UNSPECIFIED6: Range = [0n, 0n];

/** All that is neither multicast nor unspecified nor an IPv4 address mapped into ::ffff:0:0/96. Kernel: addrconf_core.c, __ipv6_addr_type, IPV6_ADDR_UNICAST. */
export const UNICAST6: readonly Range[] = [
  [1n, (0xffffn << 32n) - 1n],
  [0x10000n << 32n, (0xffn << 120n) - 1n],
];
