import type { HostFault, HostReading } from "./fault.ts";
import { isInterfaceName, plainInterface, readInterfaceFlag } from "./flag-interface.ts";
import { readRouteFlag } from "./flag-route.ts";
import { readRuleFlag } from "./flag-rule.ts";
import { FlagWords } from "./flag-words.ts";
import { LOOPBACK, TABLE, type Host, type Interface, type PolicyRule, type Route } from "./host.ts";
import { readCount } from "./network-text.ts";
import { sysctlName } from "./sysctl-text.ts";

/** What the command line says of the host; each flag may stand several times. */
export interface HostFlags {
  /** `eth0=192.0.2.1/24,2001:db8::1/64` */
  readonly interfaces?: readonly string[];
  /** `br0=eth1,eth2` */
  readonly bridges?: readonly string[];
  /** `default via 192.0.2.254 dev eth0` */
  readonly routes?: readonly string[];
  /** `fwmark 1 table 100` */
  readonly rules?: readonly string[];
  /** `net.ipv4.ip_forward=1` */
  readonly sysctls?: readonly string[];
}

/** The host that flags describe, on top of `base` if one is given: interfaces of the same name gain addresses, all else is added. */
export function hostFromFlags(flags: HostFlags, base?: Host): HostReading<Host> {
  const faults: HostFault[] = [];
  const interfaces = readInterfaces(flags, base?.interfaces ?? [LOOPBACK], faults);
  const routes: Route[] = [...(base?.routes ?? [])];
  for (const text of flags.routes ?? []) {
    const route = readRouteFlag(text, interfaces, faults);
    if (route) routes.push(route);
  }
  const rules: PolicyRule[] = [...(base?.rules ?? [])];
  for (const text of flags.rules ?? []) rules.push(...readRuleFlag(text, rules, faults));
  const sysctls = new Map(base?.sysctls);
  for (const text of flags.sysctls ?? []) readSysctlFlag(text, sysctls, faults);
  if (faults.length > 0) return { value: undefined, faults };
  const changed = (flags.interfaces ?? []).length > 0;
  const { deriveRoutes: complete, ...rest } = base ?? { interfaces: [], routes: [], rules: [], sysctls, assumed: [] };
  // A complete list of routes is no longer complete when interfaces are added.
  const derive = complete === undefined || changed ? {} : { deriveRoutes: complete };
  return { value: { ...rest, ...derive, interfaces, routes, rules: withKernelRules(rules), sysctls }, faults: [] };
}

function readInterfaces(
  { interfaces = [], bridges = [] }: HostFlags,
  base: readonly Interface[],
  faults: HostFault[],
): readonly Interface[] {
  const found = new Map(base.map(each => [each.name, each]));
  for (const text of interfaces) {
    const read = readInterfaceFlag(text, name => found.get(name), faults);
    if (read) found.set(read.name, read);
  }
  for (const text of bridges) readBridge(text, found, faults);
  for (const { bridge } of found.values()) if (bridge !== undefined && !found.has(bridge)) found.set(bridge, plainInterface(bridge));
  return [...found.values()];
}

function readBridge(text: string, found: Map<string, Interface>, faults: HostFault[]): void {
  const equals = text.indexOf("=");
  const bridge = equals < 0 ? text : text.slice(0, equals);
  const ports = new FlagWords("--bridge", text, ",", faults, equals < 0 ? text.length : equals + 1);
  if (!isInterfaceName(bridge)) {
    ports.complain({ start: 0, end: bridge.length }, `"${bridge}" cannot be the name of an interface`);
    return;
  }
  if (!found.has(bridge)) found.set(bridge, plainInterface(bridge));
  for (let port = ports.take(); port; port = ports.take()) {
    if (!isInterfaceName(port.text)) ports.complain(port, `"${port.text}" cannot be the name of an interface`);
    else if (port.text === bridge) ports.complain(port, "a bridge cannot be its own port");
    else found.set(port.text, { ...(found.get(port.text) ?? plainInterface(port.text)), bridge });
  }
}

function readSysctlFlag(text: string, sysctls: Map<string, number>, faults: HostFault[]): void {
  const words = new FlagWords("--sysctl", text, " ", faults);
  const equals = text.indexOf("=");
  const name = sysctlName(equals < 0 ? text : text.slice(0, equals));
  const value = equals < 0 ? undefined : readCount(text.slice(equals + 1).trim(), 0xffffffff);
  if (equals < 0) words.complain(words.whole, "expected NAME=VALUE");
  else if (!name.startsWith("net."))
    words.complain({ start: 0, end: equals }, `"${name}" is not a setting of the network: they start with net.`);
  else if (value === undefined) words.complain({ start: equals + 1, end: text.length }, "expected a whole number");
  else sysctls.set(name, value);
}

/** A list of rules is the whole list, so the kernel's own belong to it. */
function withKernelRules(rules: readonly PolicyRule[]): readonly PolicyRule[] {
  if (rules.length === 0) return rules;
  const missing = ([4, 6] as const).flatMap(family =>
    [
      { family, priority: 0, action: "table" as const, table: TABLE.LOCAL },
      { family, priority: 32766, action: "table" as const, table: TABLE.MAIN },
      ...(family === 4 ? [{ family, priority: 32767, action: "table" as const, table: TABLE.DEFAULT }] : []),
    ].filter(own => !rules.some(rule => rule.family === family && rule.priority === own.priority && rule.table === own.table)),
  );
  return [...rules, ...missing].toSorted((a, b) => a.family - b.family || a.priority - b.priority);
}
