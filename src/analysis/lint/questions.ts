import { among, equal, type Family, type Predicate } from "../../predicate/index.ts";

const BOTH: readonly Predicate[] = [
  ...[21, 25, 53, 80, 113, 123, 443, 1723, 5060, 69, 6667, 40001].map(port => equal("dport", port)),
  equal("protocol", 47),
  among("sport", [1024, 65535]),
  among("dport", [1024, 65535]),
];

/** Constants of what the checks ask about, by family. */
export const QUESTIONS: Readonly<Record<Family, readonly Predicate[]>> = {
  4: [
    ...BOTH,
    equal("icmptype", 3),
    equal("icmpcode", 4),
    among("saddr", [0x7f000000, 0x7fffffff]),
    equal("saddr", 0x7f000001),
    equal("saddr", 0xc6336402),
    equal("saddr", 0xcb007109),
    among("saddr", [0xe0000000, 0xffffffff]),
    among("saddr", [0, 0x00ffffff]),
    among("saddr", [0xa9fe0000, 0xa9feffff]),
  ],
  6: [
    ...BOTH,
    among("icmptype", [133, 137]),
    equal("icmptype", 2),
    equal("icmpcode", 0),
    equal("saddr", 1n),
    equal("saddr", (0x20010db8n << 96n) | 2n),
    equal("saddr", (0x20010db8n << 96n) | 9n),
    among("saddr", [0xffn << 120n, (1n << 128n) - 1n]),
    among("saddr", [0xfe80n << 112n, (0xfec0n << 112n) - 1n]),
    among("saddr", [0x2000n << 112n, (0x4000n << 112n) - 1n]),
  ],
};
