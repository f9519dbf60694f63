import { printAddress, printMac } from "../packet/index.ts";
import { HOST_FILE_VERSION } from "./file-schema.ts";
import { TABLE, type Host, type Interface, type InterfaceAddress, type PolicyRule, type Route } from "./host.ts";
import { printNetwork, printRealm, printTable } from "./network-text.ts";

/** A host as JSON that parseHostFile reads back to the same host: format 1, one interface, route and rule to a line. */
export function printHost(host: Host): string {
  const lines: string[] = [];
  const list = (name: string, values: readonly unknown[]): void => {
    const body = values.map(value => `    ${JSON.stringify(value)}`).join(",\n");
    lines.push(values.length === 0 ? `  "${name}": []` : `  "${name}": [\n${body}\n  ]`);
  };
  lines.push(`  "ferrule": "host"`, `  "version": ${HOST_FILE_VERSION}`);
  list("interfaces", host.interfaces.map(interfaceObject));
  list("routes", host.routes.map(routeObject));
  if (host.deriveRoutes === false) lines.push(`  "complete": true`);
  list("rules", host.rules.map(ruleObject));
  const settings = [...host.sysctls]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `    ${JSON.stringify(name)}: ${value}`);
  lines.push(settings.length === 0 ? `  "sysctls": {}` : `  "sysctls": {\n${settings.join(",\n")}\n  }`);
  if (host.listeners)
    list(
      "listeners",
      host.listeners.map(({ address, ...rest }) => ({ ...rest, ...(address !== undefined && { address: printAddress(address) }) })),
    );
  if (host.assumed.length > 0) list("assumed", host.assumed);
  return `{\n${lines.join(",\n")}\n}\n`;
}

function interfaceObject({ name, link, mac, up, mtu, bridge, addresses, groups, group }: Interface): object {
  return {
    name,
    link,
    ...(mac !== undefined && { mac: printMac(mac) }),
    ...(!up && { up }),
    mtu,
    ...(bridge !== undefined && { bridge }),
    addresses: addresses.map(addressObject),
    ...(groups && { groups: groups.map(printAddress) }),
    ...(group !== undefined && { group }),
  };
}

function addressObject(own: InterfaceAddress): object | string {
  const { broadcast, peer, scope, secondary, deprecated, noPrefixRoute } = own;
  const more = {
    ...(broadcast !== undefined && { broadcast: printAddress(broadcast) }),
    ...(peer !== undefined && { peer: printAddress(peer) }),
    ...(scope && { scope }),
    ...(secondary && { secondary }),
    ...(deprecated && { deprecated }),
    ...(noPrefixRoute && { noprefixroute: true }),
  };
  return Object.keys(more).length === 0 ? printNetwork(own) : { address: printNetwork(own), ...more };
}

function routeObject({ table, type, destination, prefixLength, gateway, device, source, metric, scope, mtu, realm }: Route): object {
  return {
    to: printNetwork({ address: destination, prefixLength }),
    ...(type !== "unicast" && { type }),
    ...(gateway !== undefined && { via: printAddress(gateway) }),
    ...(device !== undefined && { dev: device }),
    ...(source !== undefined && { src: printAddress(source) }),
    metric,
    ...(table !== TABLE.MAIN && { table: printTable(table) }),
    ...(scope && { scope }),
    ...(mtu !== undefined && { mtu }),
    ...(realm !== undefined && { realms: printRealm(realm) }),
  };
}

function ruleObject({
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
  realm,
}: PolicyRule): object {
  return {
    family,
    priority,
    ...(invert && { not: true }),
    ...(from && { from: printNetwork(from) }),
    ...(to && { to: printNetwork(to) }),
    ...(mark && { fwmark: `0x${mark.value.toString(16)}/0x${mark.mask.toString(16)}` }),
    ...(iif !== undefined && { iif }),
    ...(oif !== undefined && { oif }),
    ...(tos !== undefined && { tos }),
    action,
    ...(table !== undefined && { table: printTable(table) }),
    ...(goto !== undefined && { goto }),
    ...(suppressPrefixLength !== undefined && { suppress_prefixlength: suppressPrefixLength }),
    ...(realm !== undefined && { realms: printRealm(realm) }),
  };
}
