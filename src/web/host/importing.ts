import { hostFromCapture, parseHostFile, printHost, type Host, type HostReading, type Interface, type Route } from "../../host/index.ts";
import { counted } from "../../report/index.ts";
import { readIpsets } from "../../syntax/index.ts";
import type { Documents } from "../state/documents.ts";
import { machineOf } from "./machine-of.ts";
import type { Imported } from "./page.ts";

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
    ...(interfaces ? [counted(read.interfaces.length, "interface")] : []),
    ...(read.routes.length > 0 ? [counted(read.routes.length, "route")] : []),
    ...(read.rules.length > 0 ? [counted(read.rules.length, "routing rule")] : []),
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
  return { host: undefined, sets: text, taken: counted(text.split("\n").filter(line => line.startsWith("create ")).length, "set") };
}

function importSettings(texts: Documents, text: string, now: number): Imported {
  const reading = hostFromCapture({ addresses: "[]", sysctls: text });
  if (!reading.value) return faultOf(reading);
  const { sysctls } = reading.value;
  if (sysctls.size === 0)
    return { fault: "this is no host file, no output of ip -j, sysctl or ipset save that could be read", line: 1, column: 1 };
  const { host } = machineOf(texts, now);
  const made: Host = { ...host, sysctls: new Map([...host.sysctls, ...sysctls]), assumed: [] };
  return { host: printHost(made), sets: undefined, taken: counted(sysctls.size, "setting") };
}
