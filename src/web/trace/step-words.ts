import type { TraceEvent } from "../../engine/index.ts";
import type { TraceStep } from "../state/traced.ts";

type Event<Name extends TraceEvent["event"]> = Extract<TraceEvent, { event: Name }>;

/** Where a packet comes from. */
export const FROM: Readonly<Record<Event<"packet">["from"], (input: string) => string>> = {
  wire: input => `comes in on ${input}`,
  socket: () => "a program of this machine sends it",
  kernel: () => "the kernel sends it",
};

/** Verdicts of rules, as steps have them. */
export const VERDICTS: Readonly<Record<Event<"verdict">["verdict"], NonNullable<TraceStep["verdict"]>>> = {
  accept: "accept",
  drop: "drop",
  reject: "reject",
  queue: "queue",
  nat: "nat",
  tproxy: "other",
  synproxy: "other",
};

/** What a rule that matched did. */
export const VERDICT_WORDS: Readonly<Record<Event<"verdict">["verdict"], string>> = {
  accept: "accepted",
  drop: "dropped",
  reject: "rejected, the sender is told",
  queue: "handed to a program (queue)",
  nat: "decides how the connection is translated",
  tproxy: "given to a local proxy",
  synproxy: "the kernel answers in the server's place (SYNPROXY)",
};
