/** The ipsets that generated rules use: the same in every case, made anew for each. */

/** A set, and what each of its dimensions is. `family` is 0 for a set that knows none. */
export interface UsedSet {
  readonly name: string;
  readonly family: 0 | 4 | 6;
  readonly ends: readonly string[];
}

/** For `ipset restore`. Linux 6.18 as it is built here has no hash:mac, hash:ip,mac, hash:net,net, hash:ip,mark and hash:net,port,net. Addresses and ports are those of pools.ts. */
export const SET_TEXT = `create ip4 hash:ip counters
add ip4 192.168.1.10
add ip4 10.99.0.1
add ip4 198.51.100.7
create net4 hash:net
add net4 192.168.0.0/16
add net4 192.168.200.0/24 nomatch
add net4 10.98.0.0/15
create ipport4 hash:ip,port
add ipport4 10.99.0.1,tcp:80
add ipport4 8.8.8.8,udp:53
add ipport4 198.51.100.7,tcp:40000-40002
add ipport4 203.0.113.9,icmp:8/0
create netport4 hash:net,port
add netport4 10.99.0.0/16,tcp:443
add netport4 0.0.0.0/1,udp:53
create trio4 hash:ip,port,net
add trio4 192.168.1.10,tcp:80,0.0.0.0/1
create iface4 hash:net,iface
add iface4 192.168.0.0/16,eth1
add iface4 0.0.0.0/0,ppp0
create bits4 bitmap:ip range 10.99.0.0/16
add bits4 10.99.0.1-10.99.1.255
create masked4 hash:ip netmask 24
add masked4 203.0.113.0
create ports bitmap:port range 0-65535
add ports 53
add ports 80-443
add ports 40000-40010
create pair4 hash:ip,port,ip
add pair4 192.168.1.10,tcp:80,203.0.113.9
add pair4 10.99.0.1,udp:53,8.8.8.8
create bitmac4 bitmap:ip,mac range 192.168.1.0/24
add bitmac4 192.168.1.10,02:ff:00:00:01:fe
add bitmac4 192.168.1.11
create lists list:set
add lists ip4
add lists net4
create ip6 hash:ip family inet6
add ip6 2001:db8:1::10
add ip6 fd00:99::1
create net6 hash:net family inet6
add net6 2001:db8::/32
add net6 2001:db8:7::/48 nomatch
create ipport6 hash:ip,port family inet6
add ipport6 fd00:99::1,tcp:80
add ipport6 2001:4860::8888,udp:53
create iface6 hash:net,iface family inet6
add iface6 2001:db8::/32,eth1
create grow4 hash:ip timeout 600 maxelem 8
create grow6 hash:ip family inet6 timeout 600 forceadd maxelem 8
create growport4 hash:ip,port counters
create skb4 hash:ip skbinfo
add skb4 192.168.1.10 skbmark 0x1/0xff skbprio 1:10
add skb4 10.99.0.1 skbmark 0xff
`;

/** Sets that rules may ask. */
export const SETS: readonly UsedSet[] = [
  { name: "ip4", family: 4, ends: ["ip"] },
  { name: "net4", family: 4, ends: ["net"] },
  { name: "ipport4", family: 4, ends: ["ip", "port"] },
  { name: "netport4", family: 4, ends: ["net", "port"] },
  { name: "trio4", family: 4, ends: ["ip", "port", "net"] },
  { name: "iface4", family: 4, ends: ["net", "iface"] },
  { name: "bits4", family: 4, ends: ["ip"] },
  { name: "masked4", family: 4, ends: ["ip"] },
  { name: "ports", family: 0, ends: ["port"] },
  { name: "pair4", family: 4, ends: ["ip", "port", "ip"] },
  { name: "bitmac4", family: 4, ends: ["ip", "mac"] },
  { name: "lists", family: 4, ends: ["ip"] },
  { name: "ip6", family: 6, ends: ["ip"] },
  { name: "net6", family: 6, ends: ["net"] },
  { name: "ipport6", family: 6, ends: ["ip", "port"] },
  { name: "iface6", family: 6, ends: ["net", "iface"] },
  { name: "grow4", family: 4, ends: ["ip"] },
  { name: "grow6", family: 6, ends: ["ip"] },
  { name: "growport4", family: 4, ends: ["ip", "port"] },
];

/** Sets that rules add packets to. */
export const GROWING: readonly UsedSet[] = SETS.filter(({ name }) => name.startsWith("grow"));
/** Sets whose entries have something for the packet. */
export const GIVING: readonly UsedSet[] = [{ name: "skb4", family: 4, ends: ["ip"] }];
