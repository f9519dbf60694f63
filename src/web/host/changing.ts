import { parseHostFile, printHost, type Host, type HostReading } from "../../host/index.ts";
import type { Documents } from "../state/documents.ts";
import { machineOf } from "./machine-of.ts";
import type { Changed, HostChange } from "./page.ts";
import { listenerText } from "./work.ts";

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
      const value = change.value.trim();
      if (!/^(?:-?\d{1,15})?$/.test(value)) return `${change.name} is a whole number`;
      const settings = Object.entries(file.sysctls).filter(([name]) => name !== change.name);
      if (value !== "") settings.push([change.name, Number(value)]);
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
