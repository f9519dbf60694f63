import type { Diagram } from "./diagrams.ts";
import type { SessionKind } from "./kinds.ts";
import type { Ending } from "./outcome.ts";

/** Where sessions go: to this machine, from it, through it, or over its loopback. */
export type SessionPath = "in" | "out" | "forward" | "local";

/** The parts that packets play; `past`: an answer that never comes to this machine. */
export type SessionRole = "opener" | "answer" | "past" | "rest-client" | "rest-server";

/** What a leaf of a diagram of sessions stands for. */
export interface SessionEnd {
  /** `elsewhere`: not a session of this path. */
  readonly end: "usable" | "half-open" | "refused" | "elsewhere";
  /** The first part that fails; undefined for usable sessions. */
  readonly role: SessionRole | undefined;
  /** How that packet ends. */
  readonly ending: Ending | undefined;
  /** Of rejections: how. */
  readonly detail: string;
  /** NAT (and what else is observed) of the opener. */
  readonly effects: readonly string[];
}

/** Sessions of one kind on one path: each level asks for the client's packet that opens it, as it is sent. */
export interface KindSessions {
  readonly kind: SessionKind;
  readonly diagram: Diagram;
}
