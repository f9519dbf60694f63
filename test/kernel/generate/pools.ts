/** The constants that rules and packets share, so that they meet. Everything fits the machine of topology.ts. */
import type { Random } from "./random.ts";

/** Addresses of the machine itself, by interface; lo is for packets between local processes. */
export const LOCAL = {
  4: ["10.99.0.1", "10.99.0.2", "10.99.1.1", "10.98.0.1", "10.99.2.1"],
  6: ["fd00:99::1", "fd00:99::2", "fd00:99:1::1", "fd00:99:2::1"],
} as const;

/** Hosts behind each interface. */
export const REMOTE: Readonly<Record<4 | 6, Readonly<Record<string, readonly string[]>>>> = {
  4: {
    eth0: ["198.51.100.7", "203.0.113.9", "203.0.113.10", "8.8.8.8", "10.99.0.77"],
    eth1: ["192.168.1.10", "192.168.1.11", "192.168.200.5", "10.99.1.20", "10.98.7.7"],
    ppp0: ["172.16.5.5", "172.31.0.9", "10.99.2.20"],
  },
  6: {
    eth0: ["2001:db8:7::9", "2001:db8:7::a", "2001:4860::8888", "fd00:99::77"],
    eth1: ["2001:db8:1::10", "2001:db8:1::11", "2001:db8:1:ff::5", "fd00:99:1::20"],
    ppp0: ["2001:db8:2::5", "2001:db8:2:1::9", "fd00:99:2::20"],
  },
};

/** Hosts behind the ports of the bridge. */
export const BRIDGED: Readonly<Record<4 | 6, Readonly<Record<string, string>>>> = {
  4: { p0: "10.99.3.20", p1: "10.99.3.30" },
  6: { p0: "fd00:99:3::20", p1: "fd00:99:3::30" },
};
/** The machine's own address on the bridge. */
export const ON_BRIDGE: Readonly<Record<4 | 6, string>> = { 4: "10.99.3.1", 6: "fd00:99:3::1" };

export const DEVICES: readonly string[] = ["eth0", "eth1", "ppp0"];

const PREFIXES = {
  4: [
    "203.0.113.0/24",
    "198.51.100.0/24",
    "192.168.0.0/16",
    "192.168.1.0/24",
    "192.168.1.10/31",
    "10.0.0.0/8",
    "10.99.0.0/24",
    "172.16.0.0/12",
    "0.0.0.0/0",
    "128.0.0.0/1",
    "192.168.0.10/255.255.0.255",
    "10.99.0.1/255.255.0.255",
    "0.0.0.9/0.0.0.255",
  ],
  6: [
    "2001:db8::/32",
    "2001:db8:1::/48",
    "2001:db8:1::10/127",
    "2001:db8:7::/64",
    "fd00:99::/32",
    "fd00:99:0::/64",
    "::/0",
    "2001:db8::5/ffff:ffff::ffff",
    "::9/::ffff",
  ],
} as const;

/** An address of anyone. */
export function anyAddress(random: Random, family: 4 | 6): string {
  const device = random.pick([...DEVICES, "local"]);
  return device === "local" ? random.pick(LOCAL[family]) : random.pick(REMOTE[family][device] ?? []);
}

/** What may follow -s and -d: a host, a prefix, a mask with holes. */
export function anyPrefix(random: Random, family: 4 | 6): string {
  return random.oneIn(2) ? anyAddress(random, family) : random.pick(PREFIXES[family]);
}

/** Ports that rules name and packets use, with the borders of the usual ranges. */
export const PORTS: readonly number[] = [
  0, 1, 7, 21, 22, 25, 53, 80, 123, 443, 1023, 1024, 5060, 8080, 33_434, 40_000, 40_001, 40_002, 65_535,
];
const CLIENT_PORTS: readonly number[] = [1024, 33_434, 40_000, 40_001, 40_002, 40_003, 65_535, 1023, 53];
const SERVER_PORTS: readonly number[] = [1, 7, 21, 22, 25, 53, 80, 123, 443, 8080];

/** A client's port; mostly a common one, so that tuples clash now and then. */
export const clientPort = (random: Random): number => (random.oneIn(3) ? random.between(40_000, 40_200) : random.pick(CLIENT_PORTS));
export const serverPort = (random: Random): number => random.pick(SERVER_PORTS);

/** A port, a range, or a range open at one end, as --dport takes it. */
export function portRange(random: Random): string {
  const one = random.pick(PORTS);
  if (random.oneIn(2)) return String(one);
  if (random.oneIn(4)) return random.oneIn(2) ? `:${one}` : `${one}:`;
  const other = random.pick(PORTS);
  return `${Math.min(one, other)}:${Math.max(one, other)}`;
}

/** Packet and connection marks. */
export const MARKS: readonly number[] = [0, 1, 2, 0x10, 0xff, 0x100, 0x8000_0000, 0xffff_ffff];
/** Masks of marks. */
export const MARK_MASKS: readonly number[] = [0xffff_ffff, 0xff, 0xf, 0xff00, 1, 0x8000_0000, 0];
export const hexNumber = (value: number): string => `0x${(value >>> 0).toString(16)}`;

export const UIDS: readonly number[] = [0, 1000, 1001, 65_534];
export const TTLS: readonly number[] = [1, 2, 32, 63, 64, 65, 128, 254, 255];
export const TOS_VALUES: readonly number[] = [0, 0x10, 0x08, 0x04, 0x02, 0x01, 0x03, 0xb8, 0xb9, 0x28, 0xe0, 0xff];
export const LENGTHS: readonly number[] = [20, 28, 32, 40, 44, 48, 60, 64, 84, 100, 1280, 1400, 1500];
export const MSS_VALUES: readonly number[] = [0, 536, 1200, 1360, 1400, 1460, 8960, 65_535];
export const MACS: readonly string[] = ["02:ff:00:00:00:fe", "02:ff:00:00:01:fe", "02:ff:00:00:00:ff"];
/** ICMP types with codes that packets carry. */
export const ICMP_TYPES: readonly (readonly [type: number, code: number])[] = [
  [0, 0],
  [3, 0],
  [3, 1],
  [3, 3],
  [3, 4],
  [3, 13],
  [5, 0],
  [8, 0],
  [8, 1],
  [11, 0],
  [11, 1],
  [12, 0],
  [13, 0],
  [14, 0],
  [17, 0],
  [18, 0],
  [4, 0],
  [9, 0],
  [10, 0],
  [42, 0],
];
/** ICMPv6 types with codes; neighbour discovery only where the tracker leaves it alone. */
export const ICMP6_TYPES: readonly (readonly [type: number, code: number])[] = [
  [1, 0],
  [1, 1],
  [1, 3],
  [1, 4],
  [2, 0],
  [3, 0],
  [3, 1],
  [4, 0],
  [4, 1],
  [128, 0],
  [129, 0],
  [128, 1],
  [135, 0],
  [136, 0],
  [139, 0],
  [140, 0],
  [200, 0],
];
