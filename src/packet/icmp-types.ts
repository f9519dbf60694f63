/** A name iptables has for an ICMP type, or for one code of it (`low` = `high`). */
export interface IcmpName {
  readonly name: string;
  readonly type: number;
  /** Codes it stands for, low to high; a bare type is 0 to 255. */
  readonly codes: readonly [low: number, high: number];
}

/** `name type` or `name type/code`, in the order of libxt_icmp.h's icmp_codes; 255 is "any". */
const TABLE4 = `
any 255
echo-reply 0
pong 0
destination-unreachable 3
network-unreachable 3/0
host-unreachable 3/1
protocol-unreachable 3/2
port-unreachable 3/3
fragmentation-needed 3/4
source-route-failed 3/5
network-unknown 3/6
host-unknown 3/7
network-prohibited 3/9
host-prohibited 3/10
TOS-network-unreachable 3/11
TOS-host-unreachable 3/12
communication-prohibited 3/13
host-precedence-violation 3/14
precedence-cutoff 3/15
source-quench 4
redirect 5
network-redirect 5/0
host-redirect 5/1
TOS-network-redirect 5/2
TOS-host-redirect 5/3
echo-request 8
ping 8
router-advertisement 9
router-solicitation 10
time-exceeded 11
ttl-exceeded 11
ttl-zero-during-transit 11/0
ttl-zero-during-reassembly 11/1
parameter-problem 12
ip-header-bad 12/0
required-option-missing 12/1
timestamp-request 13
timestamp-reply 14
address-mask-request 17
address-mask-reply 18
`;

/** The same for libip6t_icmp6's table. */
const TABLE6 = `
destination-unreachable 1
no-route 1/0
communication-prohibited 1/1
beyond-scope 1/2
address-unreachable 1/3
port-unreachable 1/4
failed-policy 1/5
reject-route 1/6
packet-too-big 2
time-exceeded 3
ttl-exceeded 3
ttl-zero-during-transit 3/0
ttl-zero-during-reassembly 3/1
parameter-problem 4
bad-header 4/0
unknown-header-type 4/1
unknown-option 4/2
echo-request 128
ping 128
echo-reply 129
pong 129
router-solicitation 133
router-advertisement 134
neighbour-solicitation 135
neighbor-solicitation 135
neighbour-advertisement 136
neighbor-advertisement 136
redirect 137
`;

function read(table: string): readonly IcmpName[] {
  return table
    .trim()
    .split("\n")
    .map(line => {
      const [name = "", place = ""] = line.split(" ");
      const [type, code] = place.split("/");
      return { name, type: Number(type), codes: code === undefined ? [0, 255] : [Number(code), Number(code)] };
    });
}

/** iptables' ICMP names, in its order; where two share a meaning the first is the canonical one. */
export const ICMP_NAMES: readonly IcmpName[] = read(TABLE4);
/** ip6tables' ICMPv6 names, in its order. */
export const ICMPV6_NAMES: readonly IcmpName[] = read(TABLE6);

/** The names of a family's ICMP. */
export function icmpNames(family: 4 | 6): readonly IcmpName[] {
  return family === 4 ? ICMP_NAMES : ICMPV6_NAMES;
}

/**
 * The entries that a name or an unambiguous start of one, in any case, stands for, as libxt_icmp.h's parser looks it up: none is
 * unknown, several are ambiguous (iptables names the first two). It has no rule for exact names, as none starts another.
 */
export function findIcmpName(text: string, family: 4 | 6): readonly IcmpName[] {
  const start = text.toLowerCase();
  return icmpNames(family).filter(({ name }) => name.toLowerCase().startsWith(start));
}

/** The name of a type and code: that of the exact code, else that of the whole type if the code is 0; undefined without one. */
export function icmpName(type: number, code: number, family: 4 | 6): string | undefined {
  const known = icmpNames(family).filter(entry => entry.type === type && type !== 255);
  const exact = known.find(({ codes }) => codes[0] === code && codes[1] === code);
  return (exact ?? (code === 0 ? known.find(({ codes }) => codes[1] === 255) : undefined))?.name;
}
