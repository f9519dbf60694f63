import { bytesToSpec, isFault } from "../../packet/index.ts";
import type { Family, Field, Value } from "../../predicate/index.ts";
import { fieldName, printable, showValue } from "../../report/index.ts";
import type { PacketField } from "../state/traced.ts";

/** Fields that the page shows of a packet, in order. */
const SHOWN = [
  "iif",
  "oif",
  "protocol",
  "saddr",
  "sport",
  "daddr",
  "dport",
  "tcpflags",
  "icmptype",
  "icmpcode",
  "ctstate",
  "mark",
  "ctmark",
  "ttl",
  "tos",
  "length",
  "fragoff",
] as const satisfies readonly Field[];

type Shown = (typeof SHOWN)[number];

const isShown = (field: Field): field is Shown => (SHOWN as readonly Field[]).includes(field);

/** Values that go without saying, until they change. */
const SILENT: Readonly<Partial<Record<Field, string>>> = {
  mark: "0x0",
  ctmark: "0x0",
  tos: "0x0",
  icmpcode: "0",
  fragoff: "0",
  iif: "none",
  oif: "none",
};

/** A packet's fields as they change on its way. Lists that did not change are the same objects. */
export class PacketFields {
  private readonly now = new Map<Shown, string>();
  private readonly first = new Map<Shown, string>();
  private family: Family = 4;
  private list: readonly PacketField[] | undefined;

  constructor(bytes: Uint8Array, around: { readonly mark?: number | undefined; readonly in?: string | undefined } = {}) {
    this.bytes(bytes);
    this.set("mark", around.mark ?? 0);
    if (around.in !== undefined && around.in !== "") this.set("iif", around.in);
  }

  /** The packet's bytes are these now. */
  bytes(bytes: Uint8Array): void {
    const spec = bytesToSpec(bytes);
    if (isFault(spec)) {
      this.set("length", bytes.length);
      return;
    }
    const { family, protocol, source, destination, tcpFlags, icmp, ttl = 64, tos = 0, fragment } = spec;
    this.family = family;
    this.set("protocol", protocol);
    this.set("saddr", source.address);
    this.set("sport", source.port);
    this.set("daddr", destination.address);
    this.set("dport", destination.port);
    this.set("tcpflags", tcpFlags);
    this.set("icmptype", icmp?.type);
    this.set("icmpcode", icmp?.code);
    this.set("ttl", ttl);
    this.set("tos", tos);
    this.set("length", bytes.length);
    this.set("fragoff", fragment?.offset);
  }

  /** A field has this value now; fields that the page does not show are left out. */
  set(field: Field, value: Value): void {
    if (!isShown(field)) return;
    if (value === undefined) {
      if (this.now.delete(field)) this.list = undefined;
      return;
    }
    const text = printable(showValue(field, value, this.family));
    if (this.now.get(field) === text) return;
    this.now.set(field, text);
    this.list = undefined;
    if (!this.first.has(field)) this.first.set(field, text);
  }

  /** One hop less. */
  hop(): void {
    const ttl = this.now.get("ttl");
    if (ttl !== undefined) this.set("ttl", Number(ttl) - 1);
  }

  get length(): number {
    return Number(this.now.get("length") ?? 0);
  }

  fields(): readonly PacketField[] {
    this.list ??= SHOWN.flatMap(field => {
      const value = this.now.get(field);
      const was = this.first.get(field);
      if (value === undefined || (value === SILENT[field] && was === value)) return [];
      return [{ name: fieldName(field), value, ...(was !== value && was !== undefined && CHANGES.has(field) && { was }) }];
    });
    return this.list;
  }
}

/** What counts as rewritten when it differs; that interfaces and states come and go is no rewriting. */
const CHANGES: ReadonlySet<Field> = new Set<Field>([
  "saddr",
  "sport",
  "daddr",
  "dport",
  "tcpflags",
  "mark",
  "ctmark",
  "ttl",
  "tos",
  "length",
]);
