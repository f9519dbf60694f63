import type { Family } from "../predicate/index.ts";
import { faultAt, type HostFault, type HostReading, type NamedText } from "./fault.ts";
import { LOOPBACK, type Host, type Interface, type PolicyRule, type Route } from "./host.ts";
import { readIpInterfaces } from "./ip-address-json.ts";
import { readIpRoutes, type TableNumber } from "./ip-route-json.ts";
import { readIpRules } from "./ip-rule-json.ts";
import type { Reading } from "./json-reader.ts";
import { parseJsonTexts, type JsonNode } from "./json-text.ts";
import { readTable } from "./network-text.ts";
import { readSysctls } from "./sysctl-text.ts";

/** The commands whose output makes a host; the last one may fail where a machine has no sysctl. */
export const CAPTURE_COMMANDS = {
  addresses: ["ip", "-d", "-j", "addr", "show"],
  routes4: ["ip", "-j", "-4", "route", "show", "table", "all"],
  routes6: ["ip", "-j", "-6", "route", "show", "table", "all"],
  rules4: ["ip", "-j", "-4", "rule"],
  rules6: ["ip", "-j", "-6", "rule"],
  sysctls: ["sysctl", "-a"],
} as const;

/** What these commands printed. What is missing is taken to be empty, and named among the host's assumptions. */
export type Capture = Readonly<Partial<Record<keyof typeof CAPTURE_COMMANDS, string>>>;

/** A host from what `ip -j` and sysctl printed. Pure: the caller runs the commands. */
export function hostFromCapture(capture: Capture): HostReading<Host> {
  const draft = new HostDraft();
  for (const part of ["addresses", "routes4", "routes6", "rules4", "rules6"] as const) {
    const source = { file: CAPTURE_COMMANDS[part].join(" "), text: capture[part] ?? "" };
    const documents = draft.documents(source);
    for (const node of documents) draft.read(source, node, PARTS[part]);
  }
  draft.settings({ file: CAPTURE_COMMANDS.sysctls.join(" "), text: capture.sysctls ?? "" });
  return draft.host();
}

/** What a document of `ip -j` holds. */
export type IpPart = { readonly holds: "addresses" } | { readonly holds: "routes" | "rules"; readonly family: Family };

const PARTS = {
  addresses: { holds: "addresses" },
  routes4: { holds: "routes", family: 4 },
  routes6: { holds: "routes", family: 6 },
  rules4: { holds: "rules", family: 4 },
  rules6: { holds: "rules", family: 6 },
} as const satisfies Readonly<Record<string, IpPart>>;

/** Routing tables with a name of their own get numbers from here on, which no name could have. */
const FIRST_NAMED_TABLE = 0x10000000;

/** A host that is put together from several documents. */
export class HostDraft {
  private readonly interfaces = new Map<string, Interface>();
  private readonly routes: Route[] = [];
  private readonly rules: PolicyRule[] = [];
  private readonly sysctls = new Map<string, number>();
  private readonly notes: string[] = [];
  private readonly faults: HostFault[] = [];
  private readonly named = new Map<string, number>();

  /** The documents of a text; a fault when it is no JSON. */
  documents(source: NamedText): readonly JsonNode[] {
    const documents = parseJsonTexts(source.text);
    if (!("message" in documents)) return documents;
    this.faults.push(faultAt(source, documents.at, documents.at + 1, documents.message));
    return [];
  }

  read(source: NamedText, node: JsonNode, part: IpPart): void {
    const reading: Reading = { source, faults: this.faults };
    switch (part.holds) {
      case "addresses":
        for (const device of readIpInterfaces(reading, node, this.notes)) this.add(device);
        break;
      case "routes":
        this.routes.push(...readIpRoutes(reading, node, part.family, this.table, this.notes));
        break;
      case "rules":
        this.rules.push(...readIpRules(reading, node, part.family, this.table, this.notes));
        break;
    }
  }

  /** `ip -4` and `ip -6` each tell of the same interface, with other addresses. */
  private add(device: Interface): void {
    const known = this.interfaces.get(device.name);
    this.interfaces.set(device.name, known ? { ...known, addresses: [...known.addresses, ...device.addresses] } : device);
  }

  settings(source: NamedText): void {
    const { value, faults } = readSysctls(source);
    for (const [name, setting] of value) this.sysctls.set(name, setting);
    this.faults.push(...faults);
  }

  host(): HostReading<Host> {
    if (this.faults.length > 0) return { value: undefined, faults: this.faults };
    const interfaces = [...this.interfaces.values()];
    const loopback = interfaces.some(({ link }) => link === "loopback") ? [] : [LOOPBACK];
    // A capture of all tables has local routes; without them they follow from the addresses.
    const families = new Set(interfaces.flatMap(({ addresses }) => addresses.map(({ family }) => family)));
    const complete =
      families.size > 0 && [...families].every(family => this.routes.some(route => route.type === "local" && route.family === family));
    const value: Host = {
      interfaces: [...loopback, ...interfaces],
      routes: this.routes,
      ...(complete && { deriveRoutes: false }),
      rules: this.rules,
      sysctls: this.sysctls,
      assumed: [
        ...(interfaces.length === 0 ? ["the machine has no interface but lo"] : []),
        ...(this.sysctls.size === 0 ? ["every setting has the kernel's default"] : []),
        ...this.notes,
      ],
    };
    return { value, faults: [] };
  }

  private readonly table: TableNumber = name => {
    const number = readTable(name) ?? this.named.get(name) ?? FIRST_NAMED_TABLE + this.named.size;
    if (readTable(name) === undefined) this.named.set(name, number);
    return number;
  };
}
