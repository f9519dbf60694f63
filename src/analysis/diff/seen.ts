import type { Result, SessionEnd } from "../../symbolic/index.ts";
import { effectText } from "../names/index.ts";
import type { Role, Witness } from "../witness.ts";
import type { Change } from "./diff-report.ts";

/** How a session or a packet ends on one side, in words and as a witness claims it. */
export interface Seen {
  /** `usable`, `dropped` */
  readonly text: string;
  /** NAT, and what else is observed: `destination 10.0.0.5:80`. */
  readonly effects: readonly string[];
  readonly passes: boolean;
  /** Undefined where it takes another path than the one that is looked at. */
  readonly claim: Witness["claim"] | undefined;
  readonly role: Role | undefined;
}

const ROLES: Readonly<Record<Role, string>> = {
  opener: "the first packet",
  answer: "the answer",
  past: "the answer",
  "rest-client": "a later packet of the client",
  "rest-server": "a later packet of the server",
};

const ELSEWHERE: Seen = { text: "takes another path", effects: [], passes: false, claim: undefined, role: undefined };

/** A session's end. */
export function seenSession({ end, role, ending, detail, effects }: SessionEnd): Seen {
  switch (end) {
    case "usable":
      return { text: "usable", effects, passes: true, claim: "usable", role: undefined };
    case "half-open":
      return {
        text: `half-open: ${ROLES[role ?? "answer"]} ${role === "past" ? "goes past this machine" : `is ${stopText(ending, detail)}`}`,
        effects,
        passes: false,
        claim: "half-open",
        role,
      };
    case "refused":
      return { text: stopText(ending, detail), effects: [], passes: false, claim: "refused", role: undefined };
    case "elsewhere":
      return ELSEWHERE;
  }
}

/** A packet's end; effects are wanted where logging and marks count. */
export function seenPacket({ ending, detail, transform }: Result, strict: boolean): Seen {
  const effects = strict ? transform.effects : [];
  switch (ending) {
    case "accept":
      return { text: "let through", effects, passes: true, claim: "accepted", role: undefined };
    case "elsewhere":
      return ELSEWHERE;
    default:
      return {
        text: stopText(ending, detail),
        effects,
        passes: false,
        claim: ending === "reject" ? "rejected" : "dropped",
        role: undefined,
      };
  }
}

/** `rejected with icmp-port-unreachable` */
const stopText = (ending: string | undefined, detail: string): string =>
  ending === "reject" ? `rejected with ${detail}` : ending === "drop" || ending === undefined ? "dropped" : `${ending} ${detail}`.trim();

/** One end in words: `usable (DNAT to 10.0.0.5:80)`. */
export const seenText = ({ text, effects }: Pick<Seen, "text" | "effects">): string =>
  effects.length === 0 ? text : `${text} (${effects.map(effectText).join(", ")})`;

/** Several ends that differ in their effects alone. */
export function joinedText(ends: readonly Seen[]): string {
  const said = [...new Set(ends.map(({ effects }) => effects.map(effectText).join(", ")))];
  const [first] = ends;
  if (first === undefined) return "";
  if (said.length === 1) return seenText(first);
  const shown = said.slice(0, MOST_EFFECTS).map(text => (text === "" ? "as it is" : text));
  return `${first.text} (${shown.join(", or ")}${said.length > MOST_EFFECTS ? `, or ${said.length - MOST_EFFECTS} more` : ""})`;
}

const MOST_EFFECTS = 3;

/** Both ends without the effects that they share. */
export function withoutCommon(before: Seen, after: Seen): readonly [before: Seen, after: Seen] {
  const [one, other] = [new Set(before.effects), new Set(after.effects)];
  return [
    { ...before, effects: before.effects.filter(effect => !other.has(effect)) },
    { ...after, effects: after.effects.filter(effect => !one.has(effect)) },
  ];
}

/** What the step from one end to another does. */
export const changeOf = (before: Seen, after: Seen): Change =>
  before.passes === after.passes ? "changes" : after.passes ? "opens" : "closes";
