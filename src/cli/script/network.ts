import type { Host, Interface, Route } from "../../host/index.ts";
import { printAddress, printMac } from "../../packet/index.ts";

/** Interfaces and routes that a sandbox gets at most. */
const MOST_INTERFACES = 200;
const MOST_ROUTES = 2000;

/**
 * A host's interfaces, addresses and routes as lines for `ip -batch`, so that a script which asks its machine for them gets an answer. The
 * interfaces lead nowhere: dummies, or bridges without ports where the kernel has no dummies.
 */
export function networkLines({ interfaces, routes }: Host): string {
  const own = interfaces.filter(({ link, name }) => link !== "loopback" && isPlain(name)).slice(0, MOST_INTERFACES);
  const names = new Set(own.map(({ name }) => name));
  const lines = own.flatMap(interfaceLines);
  for (const route of routes.slice(0, MOST_ROUTES))
    if (route.type === "unicast" && names.has(route.device ?? "")) lines.push(routeLine(route));
  return lines.map(line => `${line}\n`).join("");
}

function interfaceLines({ name, mac, mtu, up, addresses }: Interface): string[] {
  return [
    `link add name ${name} type dummy`,
    `link add name ${name} type bridge`,
    ...(mac === undefined ? [] : [`link set dev ${name} address ${printMac(mac)}`]),
    `link set dev ${name} mtu ${mtu}`,
    ...(up ? [`link set dev ${name} up`] : []),
    ...addresses.map(({ family, address, prefixLength }) => {
      const more = family === 4 ? "broadcast +" : "nodad";
      return `address add ${printAddress(address)}/${prefixLength} ${prefixLength < (family === 4 ? 31 : 128) || family === 6 ? more : ""} dev ${name}`;
    }),
  ];
}

function routeLine({ destination, prefixLength, gateway, device, metric, table, source }: Route): string {
  const via = gateway === undefined ? "" : ` via ${printAddress(gateway)}`;
  const src = source === undefined ? "" : ` src ${printAddress(source)}`;
  return `route replace ${printAddress(destination)}/${prefixLength}${via} dev ${device}${src} metric ${metric} table ${table}`;
}

/** A name that means nothing else to ip. */
const isPlain = (name: string): boolean => /^[A-Za-z0-9][\w.@:+-]{0,14}$/.test(name);
