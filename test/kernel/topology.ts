/** The machine that every case stands on: a router with two Ethernet interfaces and a point-to-point link. */
import { writeFileSync } from "node:fs";
import { mustRun } from "./command.ts";
import { addressBytes, addressText } from "./generate/bytes.ts";
import type { LinkHeader, Wire } from "./tun.ts";
import { openWire } from "./tun.ts";

/** One interface: its addresses with prefix lengths, and what lies behind it. */
export interface Interface {
  readonly name: string;
  readonly kind: "tun" | "tap";
  readonly mtu: number;
  readonly mac: string;
  /** The hardware address of everything on the wire. */
  readonly peerMac: string;
  readonly addresses4: readonly string[];
  readonly addresses6: readonly string[];
  readonly gateway4: string;
  readonly gateway6: string;
  /** Destinations that are routed out here, by the gateway where there is one. */
  readonly routes4: readonly string[];
  readonly routes6: readonly string[];
}

/** Interfaces in the order of their making. No subnet is on-link: neighbours would have to be resolved, so all goes by the gateway. */
export const INTERFACES: readonly Interface[] = [
  {
    name: "eth0",
    kind: "tap",
    mtu: 1500,
    mac: "02:aa:00:00:00:01",
    peerMac: "02:ff:00:00:00:fe",
    addresses4: ["10.99.0.1/24", "10.99.0.2/24"],
    addresses6: ["fd00:99:0::1/64", "fd00:99:0::2/64"],
    gateway4: "10.99.0.254",
    gateway6: "fd00:99:0::fe",
    routes4: ["10.99.0.0/24", "default"],
    routes6: ["fd00:99:0::/64", "default"],
  },
  {
    name: "eth1",
    kind: "tap",
    mtu: 1500,
    mac: "02:aa:00:00:01:01",
    peerMac: "02:ff:00:00:01:fe",
    addresses4: ["10.99.1.1/24", "10.98.0.1/16"],
    addresses6: ["fd00:99:1::1/64"],
    gateway4: "10.99.1.254",
    gateway6: "fd00:99:1::fe",
    routes4: ["10.99.1.0/24", "10.98.0.0/16", "192.168.0.0/16"],
    routes6: ["fd00:99:1::/64", "2001:db8:1::/48"],
  },
  {
    name: "ppp0",
    kind: "tun",
    mtu: 1400,
    mac: "",
    peerMac: "",
    addresses4: ["10.99.2.1/24"],
    addresses6: ["fd00:99:2::1/64"],
    gateway4: "",
    gateway6: "",
    routes4: ["10.99.2.0/24", "172.16.0.0/12"],
    routes6: ["fd00:99:2::/64", "2001:db8:2::/48"],
  },
];

/** A bridge with two ports, one host behind each; the machine has an address on it. Only in the tier `bridge`. */
export const BRIDGE = {
  name: "br0",
  mac: "02:aa:00:00:03:01",
  addresses4: ["10.99.3.1/24"],
  addresses6: ["fd00:99:3::1/64"],
  ports: [
    { name: "p0", mac: "02:aa:00:00:0a:01", hostMac: "02:ff:00:00:0a:01", host4: "10.99.3.20", host6: "fd00:99:3::20" },
    { name: "p1", mac: "02:aa:00:00:0b:01", hostMac: "02:ff:00:00:0b:01", host4: "10.99.3.30", host6: "fd00:99:3::30" },
  ],
} as const;

/** Makes the kernel forget nothing, limit nothing and say nothing on its own: see the kernel's Documentation/networking/ip-sysctl.rst. */
const SYSCTLS: Readonly<Record<string, string>> = {
  "ipv4/ip_forward": "1",
  "ipv4/conf/all/rp_filter": "0",
  "ipv4/conf/default/rp_filter": "0",
  "ipv4/conf/all/send_redirects": "0",
  "ipv4/conf/default/send_redirects": "0",
  "ipv4/conf/all/accept_redirects": "0",
  "ipv4/conf/default/accept_redirects": "0",
  "ipv6/conf/all/accept_redirects": "0",
  "ipv6/conf/default/accept_redirects": "0",
  "ipv4/ip_no_pmtu_disc": "2",
  "ipv4/icmp_ratelimit": "0",
  "ipv4/icmp_ratemask": "0",
  "ipv4/icmp_msgs_per_sec": "1000000",
  "ipv4/icmp_msgs_burst": "1000000",
  "ipv4/tcp_timestamps": "0",
  "ipv4/tcp_challenge_ack_limit": "2147483647",
  "ipv4/tcp_invalid_ratelimit": "0",
  "ipv6/auto_flowlabels": "0",
  "ipv6/icmp/ratelimit": "0",
  "ipv6/conf/default/accept_dad": "0",
  "ipv6/conf/default/dad_transmits": "0",
  "ipv6/conf/default/accept_ra": "0",
  "ipv6/conf/default/router_solicitations": "0",
  "ipv6/conf/default/addr_gen_mode": "1",
  "ipv6/conf/default/mldv1_unsolicited_report_interval": "1",
  "ipv6/conf/default/mldv2_unsolicited_report_interval": "1",
  "ipv6/conf/all/forwarding": "1",
  "ipv6/conf/default/forwarding": "1",
  "netfilter/nf_log/2": "nfnetlink_log",
  "netfilter/nf_log/10": "nfnetlink_log",
};

/** Sets a sysctl of this namespace, named by its path under /proc/sys/net. */
export function setSysctl(path: string, value: string): void {
  writeFileSync(`/proc/sys/net/${path}`, value);
}

/** The machine as built: its wires, the names of its interfaces by kernel index, and the link addresses of frames that come in. */
export interface Machine {
  readonly wires: ReadonlyMap<string, Wire>;
  readonly names: ReadonlyMap<number, string>;
  /** The Ethernet header of a packet that comes in; its destination decides where a bridge takes it. */
  inbound(device: string, packet: Uint8Array, destination?: string): LinkHeader;
}

/** Builds the machine in this namespace; to be called once. With one family the other one's protocol stays silent. */
export function buildMachine(family: 4 | 6, bridge: boolean): Machine {
  for (const [path, value] of Object.entries(SYSCTLS)) setSysctl(path, value);
  if (family === 4) {
    setSysctl("ipv6/conf/all/disable_ipv6", "1");
    setSysctl("ipv6/conf/default/disable_ipv6", "1");
  }
  const wires = new Map<string, Wire>();
  const links: string[] = ["link set lo up"];
  const addresses: string[] = [];
  for (const port of INTERFACES) {
    wires.set(port.name, openWire(port.name, port.kind));
    links.push(...linkCommands(port));
    addresses.push(...(family === 4 ? addressCommands4(port) : addressCommands6(port)));
  }
  if (bridge) {
    for (const port of BRIDGE.ports) wires.set(port.name, openWire(port.name, "tap"));
    links.push(...bridgeLinks());
    addresses.push(...bridgeAddresses(family));
  }
  mustRun("ip", ["-batch", "-"], `${links.join("\n")}\n`);
  mustRun("ip", [family === 6 ? "-6" : "-4", "-batch", "-"], `${addresses.join("\n")}\n`);
  if (bridge) for (const port of BRIDGE.ports) mustRun("bridge", ["fdb", "add", port.hostMac, "dev", port.name, "master", "static"]);
  return { wires, names: interfaceNames(), inbound };
}

function bridgeLinks(): string[] {
  const ports = BRIDGE.ports.flatMap(port => [
    `link set ${port.name} address ${port.mac} txqueuelen 10000 master ${BRIDGE.name}`,
    `link set ${port.name} up`,
  ]);
  return [
    `link add ${BRIDGE.name} address ${BRIDGE.mac} type bridge forward_delay 0 stp_state 0 mcast_snooping 0`,
    `link set ${BRIDGE.name} up`,
    ...ports,
  ];
}

function bridgeAddresses(family: 4 | 6): string[] {
  const own = (family === 4 ? BRIDGE.addresses4 : BRIDGE.addresses6).map(
    address => `addr add ${address} dev ${BRIDGE.name}${family === 4 ? " brd +" : " nodad"}`,
  );
  return [
    ...own,
    ...BRIDGE.ports.map(
      port => `neigh add ${family === 4 ? port.host4 : port.host6} lladdr ${port.hostMac} dev ${BRIDGE.name} nud permanent`,
    ),
  ];
}

function linkCommands(port: Interface): string[] {
  const hardware = port.kind === "tap" ? ` address ${port.mac}` : "";
  return [`link set ${port.name} mtu ${port.mtu} txqueuelen 10000${hardware}`, `link set ${port.name} up`];
}

function addressCommands4(port: Interface): string[] {
  const commands = port.addresses4.map(address => `addr add ${address} brd + dev ${port.name} noprefixroute`);
  if (port.gateway4 !== "") {
    commands.push(`neigh add ${port.gateway4} lladdr ${port.peerMac} dev ${port.name} nud permanent`);
    commands.push(`route add ${port.gateway4}/32 dev ${port.name} scope link`);
  }
  for (const route of port.routes4) commands.push(`route add ${route} ${nextHop(port.gateway4, port.name)}`);
  return commands;
}

function addressCommands6(port: Interface): string[] {
  const commands = port.addresses6.map(address => `addr add ${address} dev ${port.name} nodad noprefixroute`);
  if (port.gateway6 !== "") {
    commands.push(`neigh add ${port.gateway6} lladdr ${port.peerMac} dev ${port.name} nud permanent`);
    commands.push(`route add ${port.gateway6}/128 dev ${port.name}`);
  }
  for (const route of port.routes6) commands.push(`route add ${route} ${nextHop(port.gateway6, port.name)}`);
  return commands;
}

const nextHop = (gateway: string, device: string): string => (gateway === "" ? `dev ${device}` : `via ${gateway} dev ${device}`);

function interfaceNames(): Map<number, string> {
  const links = JSON.parse(mustRun("ip", ["-j", "link"])) as readonly { readonly ifindex: number; readonly ifname: string }[];
  return new Map(links.map(link => [link.ifindex, link.ifname]));
}

/** The Ethernet header of a packet that comes in on a device. */
export function inbound(device: string, packet: Uint8Array, destination?: string): LinkHeader {
  const bridged = BRIDGE.ports.find(one => one.name === device);
  if (bridged !== undefined) {
    const to = packet.length < 40 && (packet[0] ?? 0) >> 4 === 6 ? "" : destinationText(packet);
    const behind = BRIDGE.ports.find(one => hostText(one.host4) === to || hostText(one.host6) === to);
    return { destination: macBytes(destination ?? behind?.hostMac ?? BRIDGE.mac), source: macBytes(bridged.hostMac) };
  }
  const port = INTERFACES.find(one => one.name === device);
  if (port === undefined) throw new Error(`no interface ${device}`);
  return { destination: macBytes(destination ?? port.mac), source: macBytes(port.peerMac) };
}

const hostText = (host: string): string => addressText(Uint8Array.from(addressBytes(host)));
const destinationText = (packet: Uint8Array): string =>
  addressText((packet[0] ?? 0) >> 4 === 6 ? packet.subarray(24, 40) : packet.subarray(16, 20));

/** The six bytes of `02:ff:00:00:00:fe`. */
export function macBytes(text: string): Uint8Array {
  return Uint8Array.from(text.split(":"), part => Number.parseInt(part, 16));
}

/** Every address of the machine, as addressText prints it. */
export function ownAddresses(family: 4 | 6): string[] {
  const own = [...INTERFACES, BRIDGE].flatMap(port => (family === 4 ? port.addresses4 : port.addresses6));
  return [family === 4 ? "127.0.0.1" : "::1", ...own].map(text => addressText(Uint8Array.from(addressBytes(text.split("/")[0] ?? ""))));
}
