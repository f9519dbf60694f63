import type { JSX } from "preact";
import { count, printable, span } from "../../report/index.ts";
import { askWhy } from "./asking-why.ts";
import { ByLink } from "./dropped-by-list.tsx";
import type { SessionFate, SessionRow } from "./session-view.ts";

const FATE: Readonly<Record<SessionFate, readonly [badge: string, word: string]>> = {
  passed: ["accept", "accepted"],
  partly: ["warn", "in part"],
  dropped: ["drop", "dropped"],
  rejected: ["reject", "rejected"],
};

/** One line of the table of sessions, where it stands in the whole: `top` and `height` in CSS pixels. */
export function SessionLine(props: {
  readonly row: SessionRow;
  /** Of the line in the table, from 1, with the heading. */
  readonly number: number;
  readonly top: number;
  readonly height: number;
}): JSX.Element {
  const { row, number, top, height } = props;
  const { session, after, lasts, packets, lost, fate, by, becomes, packet, frame } = row;
  const [badge, word] = FATE[fate];
  const text = printable(session);
  const translated = becomes.length > 0 ? ` (${becomes.join(", ")})` : "";
  return (
    <div role="row" class="replay-line" aria-rowindex={number} style={{ transform: `translateY(${top}px)`, height: `${height}px` }}>
      <span role="cell" class="soft small" title={`lasts ${span(lasts)}`}>
        +{span(after)}
      </span>
      <span role="cell" class="replay-session" title={`${text}${translated}`}>
        <span class="rule-text">{text}</span>
        {translated !== "" && <span class="badge nat">NAT</span>}
      </span>
      <span role="cell" class="replay-count">
        {count(packets)}
        <span class="replay-word"> {packets === 1 ? "packet" : "packets"}</span>
      </span>
      <span role="cell" class="replay-count">
        {lost === 0 ? <span class="faint">0</span> : count(lost)}
        <span class="replay-word"> lost</span>
      </span>
      <span role="cell">
        <span class={`badge ${badge}`}>{word}</span>
      </span>
      <span role="cell" class="replay-who small">
        {by && <ByLink by={by} />}
      </span>
      <span role="cell">
        <button
          type="button"
          class="act small"
          title={`How ${lost > 0 ? "the first packet that was dropped" : "the first packet"} met the rules: ${printable(packet)}`}
          aria-label={`${lost > 0 ? "Why" : "How"}: ${text}`}
          onClick={() => askWhy({ packet, frame })}
        >
          {lost > 0 ? "Why?" : "How?"}
        </button>
      </span>
    </div>
  );
}
