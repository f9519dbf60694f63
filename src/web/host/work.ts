import { printHost, sysctl, SYSCTL_DEFAULTS, TABLE, type Host, type Interface, type Route } from "../../host/index.ts";
import { mask4, mask6, printAddress, printPrefix } from "../../packet/index.ts";
import type { Documents } from "../state/documents.ts";
import { machineOf } from "./machine-of.ts";
import type { HostNetwork, HostPage, HostRoute, HostSetting } from "./page.ts";

/** Settings that the form has fields for. */
const FORM_SETTINGS = [
  "net.ipv4.ip_forward",
  "net.ipv6.conf.all.forwarding",
  "net.ipv4.conf.all.rp_filter",
  "net.ipv4.conf.all.route_localnet",
  "net.netfilter.nf_conntrack_tcp_loose",
  "net.netfilter.nf_conntrack_tcp_be_liberal",
  "net.bridge.bridge-nf-call-iptables",
] as const;

/** The machine of the texts, or the one that the rules let assume; faulty host texts count as none. `now` in µs since the epoch. */
export function hostPage(texts: Documents, now: number): HostPage {
  const { host, described } = machineOf(texts, now);
  return {
    assumed: !described,
    interfaces: host.interfaces.map(each => ({
      name: each.name,
      link: each.link,
      up: each.up,
      mtu: each.mtu,
      addresses: each.addresses.map(addressText),
      bridge: each.bridge,
      networks: networksOf(host, each),
    })),
    routes: host.routes.flatMap((route, index) => (isWritten(route) ? [routeOf(route, index)] : [])),
    settings: settingsOf(host),
    rules: host.rules.flatMap(rule => (rule.priority === 0 || rule.priority >= KERNEL_RULES ? [] : [ruleWords(rule)])),
    listeners: host.listeners?.map(listenerText),
    sentences: host.assumed,
    text: printHost(host),
  };
}

/** Priorities of the kernel's own rules for the tables main and default. */
const KERNEL_RULES = 32766;

const addressText = ({ address, prefixLength, peer }: Interface["addresses"][number]): string =>
  peer === undefined ? `${printAddress(address)}/${prefixLength}` : `${printAddress(address)} peer ${printAddress(peer)}/${prefixLength}`;

/** A network by its name; the whole of a family is everything else. */
function networkText(family: 4 | 6, address: number | bigint, prefixLength: number): string {
  if (prefixLength === 0) return family === 4 ? "everything else" : "everything else (IPv6)";
  return family === 4
    ? printPrefix({ family: 4, address: Number(address) & mask4(prefixLength), mask: mask4(prefixLength) })
    : printPrefix({ family: 6, address: BigInt(address) & mask6(prefixLength), mask: mask6(prefixLength) });
}

/** More networks than these are not drawn at one interface. */
const NETWORKS_MAX = 40;

function networksOf(host: Host, { name, addresses, link }: Interface): readonly HostNetwork[] {
  if (link === "loopback") return [];
  const found = new Map<string, HostNetwork>();
  const put = (network: HostNetwork): void => {
    if (found.size < NETWORKS_MAX && !found.has(network.name)) found.set(network.name, network);
  };
  for (const { family, address, prefixLength, peer, scope } of addresses)
    if (prefixLength < (family === 4 ? 32 : 128) && scope !== "link")
      put({ name: networkText(family, peer ?? address, prefixLength), via: undefined });
  for (const route of host.routes)
    if (route.device === name && route.type === "unicast" && route.table !== TABLE.LOCAL && (isWritten(route) || route.prefixLength === 0))
      put({
        name: networkText(route.family, route.destination, route.prefixLength),
        via: route.gateway === undefined ? undefined : printAddress(route.gateway),
      });
  return [...found.values()];
}

/** Not one of those that the kernel makes from addresses. */
function isWritten({ table, type, scope, gateway, source, family, metric, prefixLength }: Route): boolean {
  if (table === TABLE.LOCAL || type === "local" || type === "broadcast" || type === "multicast") return false;
  const made = family === 4 ? scope === "link" && source !== undefined : metric === 256 && prefixLength > 0;
  return gateway !== undefined || type !== "unicast" || !made;
}

function routeOf(
  { family, destination, prefixLength, type, gateway, device, source, metric, table, mtu }: Route,
  index: number,
): HostRoute {
  const more = [
    ...(source === undefined ? [] : [`src ${printAddress(source)}`]),
    ...(metric === 0 || (family === 6 && metric === 1024) ? [] : [`metric ${metric}`]),
    ...(table === TABLE.MAIN ? [] : [`table ${table === TABLE.DEFAULT ? "default" : table}`]),
    ...(mtu === undefined ? [] : [`mtu ${mtu}`]),
  ];
  return {
    index,
    to: `${printAddress(destination)}/${prefixLength}`,
    type,
    via: gateway === undefined ? "" : printAddress(gateway),
    device: device ?? "",
    more: more.join(" "),
  };
}

function settingsOf(host: Host): readonly HostSetting[] {
  const usual = (name: string): number | undefined => {
    const defaults: Readonly<Record<string, number>> = SYSCTL_DEFAULTS;
    return Object.hasOwn(defaults, name) ? defaults[name] : undefined;
  };
  const general = (name: string): number => sysctl({ ...host, sysctls: new Map() }, name.replace(".conf.all.", ".conf."));
  const form = FORM_SETTINGS.map(name => ({ name, value: host.sysctls.get(name), usual: general(name) }));
  const others = [...host.sysctls].filter(([name]) => !(FORM_SETTINGS as readonly string[]).includes(name)).slice(0, SETTINGS_MAX);
  return [...form, ...others.map(([name, value]) => ({ name, value, usual: usual(name) }))];
}

/** More settings than these are not shown: a whole `sysctl -a` has a thousand. */
const SETTINGS_MAX = 60;

function ruleWords({ priority, invert, from, to, mark, iif, oif, action, table, goto, family }: Host["rules"][number]): string {
  const network = (each: { readonly address: number | bigint; readonly prefixLength: number }): string =>
    `${printAddress(each.address)}/${each.prefixLength}`;
  return [
    `${priority}:`,
    ...(family === 6 ? ["IPv6"] : []),
    ...(invert ? ["not"] : []),
    `from ${from ? network(from) : "all"}`,
    ...(to ? [`to ${network(to)}`] : []),
    ...(mark ? [`mark 0x${mark.value.toString(16)}/0x${mark.mask.toString(16)}`] : []),
    ...(iif === undefined ? [] : [`in ${iif}`]),
    ...(oif === undefined ? [] : [`out ${oif}`]),
    action === "table" ? `asks table ${table ?? "main"}` : action === "goto" ? `goes to ${goto ?? 0}` : action,
  ].join(" ");
}

/** `tcp/22`, `tcp/631@127.0.0.1` */
export const listenerText = ({
  protocol,
  port,
  address,
}: {
  readonly protocol: string;
  readonly port: number;
  readonly address?: unknown;
}): string =>
  `${protocol}/${port}${address === undefined ? "" : `@${typeof address === "string" ? address : printAddress(address as number | bigint)}`}`;
