/** The machine of topology.ts as the engine is told of it. */
import { LOOPBACK, TABLE, type Host, type Interface as HostInterface, type InterfaceAddress, type Route } from "../../src/host/index.ts";
import { addressBytes } from "./generate/bytes.ts";
import type { LocalStack } from "./kernel-referee.ts";
import { BRIDGE, INTERFACES, macBytes, type Interface } from "./topology.ts";

/** Only one family has addresses: the other's protocol is off. An answering stack has no listeners: everything local is closed. */
export function machineHost(family: 4 | 6, stack: LocalStack, bridge: boolean): Host {
  return {
    interfaces: [
      { ...LOOPBACK, addresses: LOOPBACK.addresses.filter(own => own.family === family) },
      ...INTERFACES.map(port => hostInterface(port, family)),
      ...(bridge ? bridgeInterfaces(family) : []),
    ],
    routes: INTERFACES.flatMap(port => hostRoutes(port, family)),
    rules: [],
    sysctls: new Map(SYSCTLS),
    ...(stack === "answering" ? { listeners: [] } : {}),
    assumed: [],
  };
}

const SYSCTLS: readonly (readonly [name: string, value: number])[] = [
  ["net.ipv4.ip_forward", 1],
  ["net.ipv4.conf.all.forwarding", 1],
  ["net.ipv4.conf.all.rp_filter", 0],
  ["net.ipv4.conf.default.rp_filter", 0],
  ["net.ipv6.conf.all.forwarding", 1],
  ["net.ipv6.conf.default.forwarding", 1],
];

/** An address as the engine has it: a number for IPv4, a bigint for IPv6. */
function scalar(text: string): number | bigint {
  const value = addressBytes(text).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  return text.includes(":") ? value : Number(value);
}

function hostInterface(port: Interface, family: 4 | 6): HostInterface {
  const taken = new Set<string>();
  const addresses = (family === 4 ? port.addresses4 : port.addresses6).map((text): InterfaceAddress => {
    const { address, prefixLength, network } = prefix(text);
    const secondary = family === 4 && taken.has(network);
    taken.add(network);
    return { family, address, prefixLength, noPrefixRoute: true, ...(secondary ? { secondary } : {}) };
  });
  // The kernel puts a new IPv6 address before the others of its scope: addrconf.c, ipv6_link_dev_addr.
  if (family === 6) addresses.reverse();
  const link =
    port.kind === "tap"
      ? ({ link: "ethernet", mac: Number(`0x${Buffer.from(macBytes(port.mac)).toString("hex")}`) } as const)
      : ({ link: "none" } as const);
  return { name: port.name, ...link, addresses, up: true, mtu: port.mtu };
}

function bridgeInterfaces(family: 4 | 6): HostInterface[] {
  const addresses = (family === 4 ? BRIDGE.addresses4 : BRIDGE.addresses6).map((text): InterfaceAddress => {
    const { address, prefixLength } = prefix(text);
    return { family, address, prefixLength };
  });
  const mac = (text: string): number => Number(`0x${Buffer.from(macBytes(text)).toString("hex")}`);
  const ports = BRIDGE.ports.map((port): HostInterface => ({
    name: port.name,
    link: "ethernet",
    mac: mac(port.mac),
    addresses: [],
    up: true,
    mtu: 1500,
    bridge: BRIDGE.name,
    stations: [mac(port.hostMac)],
  }));
  return [{ name: BRIDGE.name, link: "ethernet", mac: mac(BRIDGE.mac), addresses, up: true, mtu: 1500 }, ...ports];
}

function hostRoutes(port: Interface, family: 4 | 6): Route[] {
  const gateway = family === 4 ? port.gateway4 : port.gateway6;
  const base = { family, table: TABLE.MAIN, type: "unicast", device: port.name, metric: family === 4 ? 0 : 1024 } as const;
  const bits = family === 4 ? 32 : 128;
  const via = gateway === "" ? {} : { gateway: scalar(gateway) };
  const link = family === 4 ? ({ scope: "link" } as const) : {};
  const onLink: Route[] = gateway === "" ? [] : [{ ...base, ...link, destination: scalar(gateway), prefixLength: bits }];
  const routes = (family === 4 ? port.routes4 : port.routes6).map((text): Route => {
    const { address, prefixLength } = text === "default" ? { address: family === 4 ? 0 : 0n, prefixLength: 0 } : prefix(text);
    return { ...base, ...(gateway === "" ? link : {}), ...via, destination: address, prefixLength };
  });
  return [...onLink, ...routes];
}

function prefix(text: string): { readonly address: number | bigint; readonly prefixLength: number; readonly network: string } {
  const [address = "", length = ""] = text.split("/");
  const bits = addressBytes(address)
    .map(byte => byte.toString(2).padStart(8, "0"))
    .join("");
  return { address: scalar(address), prefixLength: Number(length), network: bits.slice(0, Number(length)) };
}
