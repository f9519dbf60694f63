/** What the kernel and the engine are both asked, and what they answer: plain data, so that answers can be compared and saved. */

/** What a referee does not say: the device and mark of what was delivered, or (as the only line) what was logged. It is then not compared. */
export const UNKNOWN = "?";

/** A packet on an interface. The mark is 0 where nobody knows it (packets that have left the machine). */
export interface Frame {
  readonly device: string;
  readonly bytes: Uint8Array;
  readonly mark: number;
}

/** Something that happens to the machine. Bytes are a whole IP packet. */
export type Step =
  | {
      readonly do: "inject";
      readonly device: string;
      readonly bytes: Uint8Array;
      readonly note: string;
      readonly link?: "broadcast" | "multicast" | "otherhost";
    }
  | {
      readonly do: "send";
      readonly bytes: Uint8Array;
      readonly note: string;
      readonly uid: number;
      readonly gid: number;
      readonly mark: number;
    }
  /** Time passes. */
  | { readonly do: "wait"; readonly milliseconds: number; readonly note: string };

/** What one step led to, in order. */
export interface Outcome {
  /** Packets that reached a local process: they have passed all of INPUT. The device is the one they came in on. */
  readonly delivered: readonly Frame[];
  /** Packets that left the machine. */
  readonly emitted: readonly Frame[];
  /** What NFLOG rules logged: `group prefix length`. */
  readonly logged: readonly string[];
  /** `send` only: did sendto() fail with EPERM, or otherwise? */
  readonly error: string;
}

/** Packets and bytes of `table/CHAIN/number` (rules from 1) and of `table/CHAIN/policy`. */
export type CounterMap = ReadonlyMap<string, readonly [packets: number, bytes: number]>;

/** A firewall under test. */
export interface Referee {
  /** Starts anew with these rules (iptables-save text) and no connections; the reason when they are refused. */
  load(rules: string): string | undefined;
  step(step: Step): Outcome;
  counters(): CounterMap;
  /** The connection table: one line a connection, without timeout and ids, sorted. */
  connections(): string[];
}
