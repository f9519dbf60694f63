import type { Family, Scalar } from "../predicate/index.ts";
import type { SessionOptions } from "../engine/index.ts";
import type { SessionPath as Path, SessionRole as Role } from "../symbolic/index.ts";

/** Where a packet or session goes, and the parts that packets of a session play. */
export type { SessionPath as Path, SessionRole as Role } from "../symbolic/index.ts";

/** All paths, in the order of reports. */
export const PATHS: readonly Path[] = ["in", "out", "forward", "local"];

/** A packet, or the session that a packet opens, that shows a claim. `packet` is in the packet notation (design.md §5) and parses back. */
export interface Witness {
  readonly family: Family;
  readonly path: Path;
  /** `tcp 203.0.113.9:40000 > 198.51.100.2:22 syn in eth0`; without the word `session`. */
  readonly packet: string;
  /** Is the claim about the whole session that the packet opens, or about this packet alone? */
  readonly about: "session" | "packet";
  /** What the engine must show. For sessions: usable, half-open (then `role`), refused; for packets: accepted or not. */
  readonly claim: "usable" | "half-open" | "refused" | "accepted" | "dropped" | "rejected";
  readonly role?: Role;
  /** Conditions that the claim takes to hold or not to hold, by what is said of them; empty for a claim that is exact. */
  readonly depends: readonly Condition[];
  /** Of a session: what the packets behind its opener have that the notation does not say, where the claim asks for it. */
  readonly behind?: Behind;
}

/** What packets behind an opener are like. */
export type Behind = Pick<SessionOptions, "server" | "lengths">;

/** A condition that no analysis decides: a limit, a string, the contents of a set that nobody gave … */
export interface Condition {
  /** `limit: avg 5/min burst 5` */
  readonly about: string;
  readonly holds: boolean;
  /** What tells it from others that say the same (symbolic's `conditionKeys`). */
  readonly key?: string;
  /** It is asked of the server's packets, not of the client's. */
  readonly answers?: boolean;
}

/** A rule, or a policy, that a report points at. */
export interface RulePointer {
  readonly family: Family;
  readonly table: string;
  readonly chain: string;
  /** From 1; undefined for the chain's policy. */
  readonly number: number | undefined;
  /** Where it stands in its file; line 0 where there is none. */
  readonly file: string;
  readonly line: number;
  /** `-A INPUT -p tcp --dport 22 -j ACCEPT`, or `policy DROP`. */
  readonly text: string;
}

/** What a run of the engine made of a witness. */
export interface Confirmation {
  readonly confirmed: boolean;
  /** Why it did not show what it was to show; empty when it did. */
  readonly reason: string;
  /** The rule or policy that decided, where the engine names one. */
  readonly decidedBy: RulePointer | undefined;
}

/** Inclusive ranges of one kind, sorted, not touching: addresses (numbers for IPv4, bigints for IPv6), ports. */
export type Ranges = readonly (readonly [low: Scalar, high: Scalar])[];
