import { hostFromCapture, TABLE, type Host } from "../../host/index.ts";

/** What a script made of the machine that it ran on: settings that it changed, interfaces, routes and policy rules that it added. */
export interface Made {
  readonly sysctls: ReadonlyMap<string, number>;
  readonly host: Pick<Host, "interfaces" | "routes" | "rules">;
}

/** What changed in the sandbox's network, from the parts that it told; `set` are settings that its kernel had no place for: `net/netfilter/x=1`. */
export function madeFrom(parts: ReadonlyMap<string, string>, set: readonly string[]): Made {
  const before = settings(parts.get("before") ?? "");
  const after = settings(parts.get("after") ?? "");
  // A new interface has the settings of `default`, unless the script says otherwise.
  const unsaid = (path: string): string | undefined => before.get(path) ?? after.get(path.replace(/(\/conf\/)[^/]+\//, "$1default/"));
  const changed = [...after].filter(([path, value]) => unsaid(path) !== value);
  const said = set.map((pair): [string, string] => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]);
  const sysctls = [...changed, ...said].map(([path, value]) => `${path.replaceAll("/", ".").replaceAll("\n", " ")} = ${value.trim()}`);
  const { value } = hostFromCapture({ sysctls: sysctls.join("\n") });
  const [was, is] = [network(parts, "before-"), network(parts, "after-")];
  return {
    sysctls: value?.sysctls ?? new Map(),
    host: {
      interfaces: without(was.interfaces, is.interfaces).filter(({ link }) => link !== "loopback"),
      routes: without(was.routes, is.routes).filter(({ table }) => table !== TABLE.LOCAL),
      rules: without(was.rules, is.rules).length > 0 ? is.rules : [],
    },
  };
}

/** The machine after the script: its settings, interfaces and routes come before those that were there. */
export function afterScript(host: Host, after: Made | undefined): Host {
  if (!after) return host;
  const { sysctls, host: made } = after;
  const added = new Set(made.interfaces.map(({ name }) => name));
  return {
    ...host,
    interfaces: [...host.interfaces.filter(({ name }) => !added.has(name)), ...made.interfaces],
    routes: [...made.routes, ...host.routes],
    rules: made.rules.length > 0 ? made.rules : host.rules,
    sysctls: new Map([...host.sysctls, ...sysctls]),
  };
}

/** Interfaces, routes and rules as `ip -j` told them before or after. */
function network(parts: ReadonlyMap<string, string>, when: string): Made["host"] {
  const capture = Object.fromEntries(
    (["addresses", "routes4", "routes6", "rules4", "rules6"] as const).flatMap(name => {
      const text = parts.get(when + name) ?? "";
      return text === "" ? [] : [[name, text]];
    }),
  );
  return hostFromCapture(capture).value ?? { interfaces: [], routes: [], rules: [] };
}

/** What is there now and was not before. */
function without<T>(before: readonly T[], now: readonly T[]): readonly T[] {
  const known = new Set(before.map(textOf));
  return now.filter(each => !known.has(textOf(each)));
}

const textOf = (value: unknown): string => JSON.stringify(value, (_, each: unknown) => (typeof each === "bigint" ? `${each}n` : each));

/** `/proc/sys/net/…:value` lines by path. */
function settings(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of text.split("\n")) {
    const colon = line.indexOf(":", line.lastIndexOf("/"));
    if (colon > 0 && line.startsWith("/proc/sys/")) found.set(line.slice("/proc/sys/".length, colon), line.slice(colon + 1));
  }
  return found;
}
