import { printAddress, printMac } from "../packet/index.ts";
import { TABLE, type Host, type Interface, type PolicyRule, type Route } from "./host.ts";
import { printNetwork, printTable } from "./network-text.ts";
import { SYSCTL_DEFAULTS } from "./sysctls.ts";

/** A host for people: its interfaces, the routes that do not follow from addresses, rules and settings other than the kernel's own. */
export function summarizeHost(host: Host): string {
  const sections: (readonly [title: string, lines: readonly string[]])[] = [
    ["Interfaces", host.interfaces.map(interfaceLine)],
    ["Routes", host.routes.filter(isOwn).map(routeLine)],
    ["Policy rules", host.rules.filter(rule => !isKernels(rule)).map(ruleLine)],
    ["Settings", [...host.sysctls].filter(isChanged).map(([name, value]) => `${name} = ${value}`)],
    [
      "Listening",
      (host.listeners ?? []).map(
        ({ protocol, port, address }) => `${protocol} ${address === undefined ? "*" : printAddress(address)}:${port}`,
      ),
    ],
    ["Assumed", host.assumed],
  ];
  return sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => `${title}\n${lines.map(line => `  ${printable(line)}\n`).join("")}`)
    .join("\n");
}

/** Names come from outside: no control or direction-changing character reaches a terminal. */
function printable(line: string): string {
  return line.replace(
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    char => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
}

function interfaceLine({ name, link, mac, up, mtu, bridge, addresses }: Interface): string {
  const words = [name, ...(up ? [] : ["down"]), ...(link === "none" ? ["without hardware addresses"] : []), `mtu ${mtu}`];
  if (mac !== undefined && link === "ethernet") words.push(`mac ${printMac(mac)}`);
  if (bridge !== undefined) words.push(`port of ${bridge}`);
  for (const own of addresses)
    words.push(
      own.peer === undefined ? printNetwork(own) : `${printAddress(own.address)} to ${printAddress(own.peer)}/${own.prefixLength}`,
    );
  return words.join("  ");
}

/** The kernel makes the routes of the table `local` and those to connected networks itself. */
function isOwn({ table, gateway, type, scope, metric, family }: Route): boolean {
  if (table === TABLE.LOCAL) return false;
  return gateway !== undefined || type !== "unicast" || (family === 4 ? scope !== "link" : metric !== 256);
}

function routeLine({ type, destination, prefixLength, gateway, device, source, metric, table }: Route): string {
  return [
    ...(type === "unicast" ? [] : [type]),
    prefixLength === 0 ? "default" : printNetwork({ address: destination, prefixLength }),
    ...(gateway === undefined ? [] : [`via ${printAddress(gateway)}`]),
    ...(device === undefined ? [] : [`dev ${device}`]),
    ...(source === undefined ? [] : [`src ${printAddress(source)}`]),
    ...(metric === 0 ? [] : [`metric ${metric}`]),
    ...(table === TABLE.MAIN ? [] : [`table ${printTable(table)}`]),
  ].join(" ");
}

function isKernels({ priority, from, to, mark, iif, oif, tos, invert, action, table }: PolicyRule): boolean {
  if (from || to || mark || invert || iif !== undefined || oif !== undefined || tos !== undefined || action !== "table") return false;
  return (
    (priority === 0 && table === TABLE.LOCAL) ||
    (priority === 32766 && table === TABLE.MAIN) ||
    (priority === 32767 && table === TABLE.DEFAULT)
  );
}

function ruleLine({
  family,
  priority,
  invert,
  from,
  to,
  mark,
  iif,
  oif,
  tos,
  action,
  table,
  goto,
  suppressPrefixLength,
}: PolicyRule): string {
  const words = [
    `${priority}:`,
    ...(invert ? ["not"] : []),
    `from ${from ? printNetwork(from) : "all"}`,
    ...(to ? [`to ${printNetwork(to)}`] : []),
    ...(mark ? [`fwmark 0x${mark.value.toString(16)}${mark.mask === 0xffffffff ? "" : `/0x${mark.mask.toString(16)}`}`] : []),
    ...(iif === undefined ? [] : [`iif ${iif}`]),
    ...(oif === undefined ? [] : [`oif ${oif}`]),
    ...(tos === undefined ? [] : [`tos 0x${tos.toString(16)}`]),
    action === "table" ? `lookup ${printTable(table ?? TABLE.MAIN)}` : action === "goto" ? `goto ${goto ?? ""}` : action,
    ...(suppressPrefixLength === undefined ? [] : [`suppress_prefixlength ${suppressPrefixLength}`]),
  ];
  return `${family === 6 ? "IPv6 " : ""}${words.join(" ")}`;
}

/** A setting that the summary names: one of those modelled that is not the kernel's default. */
function isChanged([name, value]: readonly [string, number]): boolean {
  const general = name.replace(/^(net\.ipv[46]\.conf)\..+\.(\w+)$/, "$1.$2");
  const fallback = (SYSCTL_DEFAULTS as Readonly<Record<string, number>>)[general];
  return fallback !== undefined && fallback !== value;
}
