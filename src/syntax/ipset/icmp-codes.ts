/** A name that ipset has for a type and code of ICMP. */
interface CodeName {
  readonly name: string;
  readonly type: number;
  readonly code: number;
}

/** `name type/code`, in ipset's order; a missing code is 0. libipset: icmp.c */
const TABLE4 = `
echo-reply 0
pong 0
network-unreachable 3
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
network-redirect 5
host-redirect 5/1
TOS-network-redirect 5/2
TOS-host-redirect 5/3
echo-request 8
ping 8
router-advertisement 9
router-solicitation 10
ttl-zero-during-transit 11
ttl-zero-during-reassembly 11/1
ip-header-bad 12
required-option-missing 12/1
timestamp-request 13
timestamp-reply 14
address-mask-request 17
address-mask-reply 18
`;

/** The same of ICMPv6, the misspelt names included. libipset: icmpv6.c */
const TABLE6 = `
no-route 1
communication-prohibited 1/1
address-unreachable 1/3
port-unreachable 1/4
packet-too-big 2
ttl-zero-during-transit 3
ttl-zero-during-reassembly 3/1
bad-header 4
unknown-header-type 4/1
unknown-option 4/2
echo-request 128
ping 128
echo-reply 129
pong 129
router-solicitation 133
router-advertisement 134
neighbour-solicitation 135
neigbour-solicitation 135
neighbour-advertisement 136
neigbour-advertisement 136
redirect 137
`;

const read = (table: string): readonly CodeName[] =>
  table
    .trim()
    .split("\n")
    .map(line => {
      const [name = "", place = ""] = line.split(" ");
      const [type, code = "0"] = place.split("/");
      return { name, type: Number(type), code: Number(code) };
    });

const NAMES = { 4: read(TABLE4), 6: read(TABLE6) } as const;

/** ipset's names for codes, in its order. */
export function icmpCodeNames(family: 4 | 6): readonly string[] {
  return NAMES[family].map(({ name }) => name);
}

/** Type times 256 plus code of the first name that starts so, in any case. */
export function findIcmpCode(text: string, family: 4 | 6): number | undefined {
  const start = text.toLowerCase();
  const found = NAMES[family].find(({ name }) => name.toLowerCase().startsWith(start));
  return found && found.type * 256 + found.code;
}

/** The name of a type and code, or both as numbers. */
export function printIcmpCode(value: number, family: 4 | 6): string {
  const [type, code] = [value >> 8, value & 255];
  return NAMES[family].find(entry => entry.type === type && entry.code === code)?.name ?? `${type}/${code}`;
}
