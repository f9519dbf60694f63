import type { EntryRequest, Refusal, Sets } from "../../ruleset/index.ts";
import { byteLength } from "./set-name.ts";

/** One addition or deletion. */
export interface Change {
  readonly command: "add" | "del" | "test";
  readonly set: string;
  readonly entry: EntryRequest;
  /** Of restored text, 0 outside of one. */
  readonly line: number;
}

/** Why the kernel stopped, and at which line. */
export interface ChangeFault {
  readonly refusal: Refusal;
  readonly command: "add" | "del" | "test";
  readonly line: number;
}

/** Bytes of a message to the kernel: a page. libipset: session.c, ipset_session_init. */
const MESSAGE_BYTES = 4096;
/** What must stay free for the answer's header. */
const SPARE_BYTES = 20;

/**
 * Additions to one set, or deletions from it, that go to the kernel in one message. The kernel stops at the first that it refuses; what an error in
 * a later line keeps from being sent is lost. Whether existing entries are a fault is settled by the first line. libipset: session.c, ipset_cmd.
 */
export class Pending {
  private readonly changes: Change[] = [];
  private readonly exist: boolean;
  private bytes: number;

  constructor(first: Change, exist: boolean) {
    this.exist = exist;
    this.bytes = 16 + 4 + 8 + attribute(byteLength(first.set) + 1) + 8 + 4;
    this.push(first);
  }

  /** Does it fit into the same message? */
  takes({ command, set, entry }: Change): boolean {
    const [first] = this.changes;
    return first?.command === command && first.set === set && this.bytes + sizeOf(entry) + SPARE_BYTES <= MESSAGE_BYTES;
  }

  push(change: Change): void {
    this.changes.push(change);
    this.bytes += sizeOf(change.entry);
  }

  carryOut(sets: Sets, now: number): ChangeFault | undefined {
    for (const { command, set: name, entry, line } of this.changes) {
      const set = sets.get(name);
      const refusal = !set ? "no set" : command === "add" ? set.add(entry, this.exist, now) : set.delete(entry, this.exist, now);
      if (refusal !== undefined) return { refusal, command, line };
    }
    return undefined;
  }
}

/** Bytes of an attribute with its header, rounded to four. */
const attribute = (payload: number): number => 4 + Math.ceil(payload / 4) * 4;

/** Bytes that an entry takes in the message. */
function sizeOf(entry: EntryRequest): number {
  let bytes = 4 + 8;
  for (const [name, value] of Object.entries(entry) as [keyof EntryRequest, unknown][]) bytes += attributeOf(name, value);
  return bytes;
}

function attributeOf(name: keyof EntryRequest, value: unknown): number {
  switch (name) {
    case "ip":
    case "ipTo":
    case "ip2":
    case "ip2To":
      return 4 + attribute(typeof value === "bigint" ? 16 : 4);
    case "name":
    case "reference":
    case "iface":
    case "comment":
      return attribute(byteLength(String(value)) + 1);
    case "packets":
    case "bytes":
    case "skbMark":
      return attribute(8);
    case "mac":
      return attribute(6);
    case "before":
    case "physdev":
    case "wildcard":
    case "nomatch":
      return 0;
    default:
      return attribute(4);
  }
}
