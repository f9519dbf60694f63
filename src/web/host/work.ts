import {
  assumeHost,
  hostFromCapture,
  parseHostFile,
  printHost,
  sysctl,
  SYSCTL_DEFAULTS,
  TABLE,
  type Host,
  type HostReading,
  type Interface,
  type Route,
} from "../../host/index.ts";
import { mask4, mask6, printAddress, printPrefix } from "../../packet/index.ts";
import { readIpsets } from "../../syntax/index.ts";
import type { Documents } from "../state/documents.ts";
import { readFirewall } from "../work/firewall.ts";
import type { Changed, HostChange, HostNetwork, HostPage, HostRoute, HostSetting, Imported } from "./page.ts";

/** Settings that the form has fields for. */
export const FORM_SETTINGS = [
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

function machineOf(texts: Documents, now: number): { readonly host: Host; readonly described: boolean } {
  const { v4, v6, host } = readFirewall(texts, now);
  return host ? { host, described: true } : { host: assumeHost([v4, v6], []), described: false };
}

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

const listenerText = ({
  protocol,
  port,
  address,
}: {
  readonly protocol: string;
  readonly port: number;
  readonly address?: unknown;
}): string =>
  `${protocol}/${port}${address === undefined ? "" : `@${typeof address === "string" ? address : printAddress(address as number | bigint)}`}`;

/** A host file as plain data: what printHost writes. */
interface HostFile {
  interfaces: Record<string, unknown>[];
  routes: Record<string, unknown>[];
  sysctls: Record<string, number>;
  listeners?: { readonly protocol: string; readonly port: number; readonly address?: string }[];
}

/** Makes one change to the machine of the texts. What nobody said of it becomes said. */
export function changeHost(texts: Documents, change: HostChange, now: number): Changed {
  const { host } = machineOf(texts, now);
  const own = { ...host, assumed: [] };
  if (change.do === "adopt") return { text: printHost(own) };
  const file = JSON.parse(printHost(own)) as HostFile;
  const fault = applyChange(file, change);
  return fault === undefined ? checked(parseHostFile({ file: "host", text: JSON.stringify(file) })) : { fault };
}

const checked = (reading: HostReading<Host>): Changed =>
  reading.value ? { text: printHost(reading.value) } : { fault: reading.faults[0]?.message ?? "this makes no machine" };

/** Names of interfaces are short, and have no blanks and slashes. Kernel: dev.c, dev_valid_name. */
function nameFault(file: HostFile, name: string): string | undefined {
  if (name === "" || name.length > 15 || /[\s/:]/.test(name) || name === "." || name === "..")
    return "an interface's name has 1 to 15 characters, and no blank, slash or colon";
  return file.interfaces.some(each => each["name"] === name) ? `there is an interface ${name} already` : undefined;
}

function applyChange(file: HostFile, change: Exclude<HostChange, { do: "adopt" }>): string | undefined {
  switch (change.do) {
    case "add-interface": {
      const fault = nameFault(file, change.name);
      if (fault === undefined) file.interfaces.push({ name: change.name, addresses: [] });
      return fault;
    }
    case "remove-interface":
      file.interfaces = file.interfaces.filter(each => each["name"] !== change.name);
      file.routes = file.routes.filter(each => each["dev"] !== change.name);
      return undefined;
    case "interface":
      return changeInterface(file, change);
    case "add-route": {
      if (change.to.trim() === "") return "a route needs a network: 10.0.0.0/8, or default";
      if (change.device !== "" && !file.interfaces.some(each => each["name"] === change.device))
        return `there is no interface ${change.device}`;
      file.routes.push(routeObject(change.to, change.via, change.device));
      return undefined;
    }
    case "remove-route":
      file.routes.splice(change.index, 1);
      return undefined;
    case "route": {
      const route = file.routes[change.index];
      if (!route) return "there is no such route any more";
      const key = { to: "to", via: "via", device: "dev" }[change.field];
      const value = change.value.trim();
      if (value === "") {
        if (change.field === "to") return "a route needs a network: 10.0.0.0/8, or default";
        delete route[key];
      } else route[key] = value;
      return undefined;
    }
    case "listeners":
      return changeListeners(file, change.value);
    case "setting": {
      const settings = Object.entries(file.sysctls).filter(([name]) => name !== change.name);
      if (change.value !== undefined) settings.push([change.name, change.value]);
      file.sysctls = Object.fromEntries(settings);
      return undefined;
    }
  }
}

function changeListeners(file: HostFile, value: string | undefined): string | undefined {
  const before = file.listeners ?? [];
  delete file.listeners;
  if (value === undefined) return undefined;
  const listeners: NonNullable<HostFile["listeners"]> = [];
  for (const word of value.split(/[\s,]+/)) {
    if (word === "") continue;
    // What is known of a listener beyond its port stays with it.
    const known = before.find(each => listenerText(each) === word);
    const [, protocol = "", port = "", address] = /^(tcp|udp)\/(\d{1,5})(?:@(\S+))?$/.exec(word) ?? [];
    if (protocol === "") return `${word} is no port: write tcp/22 or udp/53, and tcp/22@127.0.0.1 where it listens on one address only`;
    listeners.push(known ?? { protocol, port: Number(port), ...(address !== undefined && { address }) });
  }
  file.listeners = listeners;
  return undefined;
}

const routeObject = (to: string, via: string, device: string): Record<string, unknown> => ({
  to: to.trim(),
  ...(via.trim() !== "" && { via: via.trim() }),
  ...(device !== "" && { dev: device }),
});

function changeInterface(file: HostFile, { name, field, value }: Extract<HostChange, { do: "interface" }>): string | undefined {
  const found = file.interfaces.find(each => each["name"] === name);
  if (!found) return "there is no such interface any more";
  switch (field) {
    case "name": {
      const fault = value === name ? undefined : nameFault(file, value);
      if (fault !== undefined) return fault;
      found["name"] = value;
      for (const route of file.routes) if (route["dev"] === name) route["dev"] = value;
      for (const port of file.interfaces) if (port["bridge"] === name) port["bridge"] = value;
      return undefined;
    }
    case "addresses": {
      // What is known of an address beyond itself stays with it.
      const before = new Map(
        (found["addresses"] as (string | { address: string })[]).map(each => [typeof each === "string" ? each : each.address, each]),
      );
      found["addresses"] = value.split(/[\s,]+/).flatMap(each => (each === "" ? [] : [before.get(each) ?? each]));
      return undefined;
    }
    case "mtu":
      if (!/^\d{2,6}$/.test(value.trim())) return "an MTU is a number of bytes, such as 1500";
      found["mtu"] = Number(value);
      return undefined;
    case "up":
      found["up"] = value === "true";
      return undefined;
    case "link":
      found["link"] = value;
      if (value === "none") delete found["mac"];
      return undefined;
    case "bridge":
      if (value.trim() === "") delete found["bridge"];
      else found["bridge"] = value.trim();
      return undefined;
  }
}

/**
 * Takes in what was pasted or dropped: a host file, one or more documents of `ip -j addr`, `route` and `rule`, the output of `sysctl -a`, or
 * `ipset save`. What it says replaces what was known of that, and the rest stays.
 */
export function importHost(texts: Documents, given: string, now: number): Imported {
  const text = given.replace(/^\ufeff/, "").trimStart();
  if (text.trim() === "") return { fault: "there is nothing to read: paste what `ip -j addr` prints", line: 1, column: 1 };
  if (/^(?:create|add|flush|-!)\s/m.test(text)) return importSets(text, now);
  if (!/^[[{]/.test(text)) return importSettings(texts, text, now);
  const reading = parseHostFile({ file: "host", text });
  if (!reading.value) return faultOf(reading);
  if (text.startsWith("{")) return { host: printHost(reading.value), sets: undefined, taken: "the whole machine" };
  const { value: read } = reading;
  const { host } = machineOf(texts, now);
  const interfaces = read.interfaces.some(({ link }) => link !== "loopback");
  const parts = [
    ...(interfaces ? [`${read.interfaces.length} interfaces`] : []),
    ...(read.routes.length > 0 ? [`${read.routes.length} routes`] : []),
    ...(read.rules.length > 0 ? [`${read.rules.length} routing rules`] : []),
  ];
  if (parts.length === 0) return { fault: "there is no interface, route or rule in it", line: 1, column: 1 };
  const { deriveRoutes, ...known } = host;
  void deriveRoutes;
  const made: Host = {
    ...known,
    ...(interfaces && { interfaces: read.interfaces }),
    // Routes by interfaces that are gone lead nowhere.
    routes:
      read.routes.length > 0
        ? read.routes
        : interfaces
          ? host.routes.filter(({ device }) => device === undefined || read.interfaces.some(({ name }) => name === device))
          : host.routes,
    ...(read.rules.length > 0 && { rules: read.rules }),
    ...(read.routes.some(({ type }) => type === "local") && completeFor(interfaces ? read.interfaces : host.interfaces, read.routes)),
    assumed: [],
  };
  return { host: printHost(made), sets: undefined, taken: parts.join(", ") };
}

/** Routes that are the kernel's whole list need nothing added. */
function completeFor(interfaces: readonly Interface[], routes: readonly Route[]): { readonly deriveRoutes?: false } {
  const families = new Set(interfaces.flatMap(({ addresses }) => addresses.map(({ family }) => family)));
  return [...families].every(family => routes.some(route => route.type === "local" && route.family === family))
    ? { deriveRoutes: false }
    : {};
}

const faultOf = ({ faults: [first] }: HostReading<Host>): Imported => ({
  fault: first?.message ?? "it cannot be read",
  line: first?.line ?? 1,
  column: first?.column ?? 1,
});

function importSets(text: string, now: number): Imported {
  const [fault] = readIpsets(text, "sets", now).faults;
  if (fault) return { fault: fault.message, line: fault.line, column: fault.column };
  return { host: undefined, sets: text, taken: `${text.split("\n").filter(line => line.startsWith("create ")).length} sets` };
}

function importSettings(texts: Documents, text: string, now: number): Imported {
  const reading = hostFromCapture({ addresses: "[]", sysctls: text });
  if (!reading.value) return faultOf(reading);
  const { sysctls } = reading.value;
  if (sysctls.size === 0)
    return { fault: "this is no host file, no output of ip -j, sysctl or ipset save that could be read", line: 1, column: 1 };
  const { host } = machineOf(texts, now);
  const made: Host = { ...host, sysctls: new Map([...host.sysctls, ...sysctls]), assumed: [] };
  return { host: printHost(made), sets: undefined, taken: `${sysctls.size} settings` };
}
