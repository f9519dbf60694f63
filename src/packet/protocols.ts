/** What Debian 12 (netbase 6.4) lists in its protocols database, in its order: `name number`. */
const TABLE = `
ip 0
hopopt 0
icmp 1
igmp 2
ggp 3
ipencap 4
st 5
tcp 6
egp 8
igp 9
pup 12
udp 17
hmp 20
xns-idp 22
rdp 27
iso-tp4 29
dccp 33
xtp 36
ddp 37
idpr-cmtp 38
ipv6 41
ipv6-route 43
ipv6-frag 44
idrp 45
rsvp 46
gre 47
esp 50
ah 51
skip 57
ipv6-icmp 58
ipv6-nonxt 59
ipv6-opts 60
rspf 73
vmtp 81
eigrp 88
ospf 89
ax.25 93
ipip 94
etherip 97
encap 98
pim 103
ipcomp 108
vrrp 112
l2tp 115
isis 124
sctp 132
fc 133
mobility-header 135
udplite 136
mpls-in-ip 137
manet 138
hip 139
shim6 140
wesp 141
rohc 142
ethernet 143
mptcp 262
`;

/** Names that libxtables knows beside the database (xtables_chain_protos). */
const EXTRA: readonly (readonly [string, number])[] = [
  ["icmpv6", 58],
  ["ipv6-mh", 135],
  ["mh", 135],
  ["all", 0],
];

const LISTED: readonly (readonly [string, number])[] = TABLE.trim()
  .split("\n")
  .map((line): readonly [string, number] => {
    const [name = "", number] = line.split(" ");
    return [name, Number(number)];
  });

const NUMBERS: ReadonlyMap<string, number> = new Map([...LISTED, ...EXTRA]);
/** Reversed, so that of two names with one number the first stays. */
const NAMES: ReadonlyMap<number, string> = new Map(LISTED.toReversed().map(([name, number]): [number, string] => [number, name]));

/** Every protocol name that iptables knows, lower case. */
export const PROTOCOL_NAMES: readonly string[] = [...NUMBERS.keys()];

/** The number of a protocol's name in any case, as iptables' -p looks it up (the database's upper-case aliases are not found there); undefined for an unknown one. `mptcp` is 262. */
export function protocolNumber(name: string): number | undefined {
  return NUMBERS.get(name.toLowerCase());
}

/** The name iptables-save writes for a protocol number, undefined where it writes the number. 0 has none: it means all. */
export function protocolName(number: number): string | undefined {
  return number === 0 ? undefined : NAMES.get(number);
}
