import type { JSX } from "preact";
import { printable } from "../../report/index.ts";
import type { Family } from "../../predicate/index.ts";
import { fullCount } from "../editor/counts.ts";
import { showRule } from "../state/actions.ts";
import type { OutlineRule } from "../work/outline.ts";
import { shortCount } from "./census.ts";
import { bareRule } from "./words.ts";

/** What becomes of packets, as classes of badges say it; other targets are plain. */
const TONES: Readonly<Partial<Record<NonNullable<OutlineRule["does"]>, string>>> = {
  accept: "accept",
  drop: "drop",
  reject: "reject",
  nat: "nat",
  tproxy: "nat",
  jump: "note",
  goto: "note",
  return: "note",
};

/** A rule in its chain's card: its number, what the trace did there, its hits and words; a jump leads into the chain that it calls. */
export function RuleRow(props: {
  readonly rule: OutlineRule;
  readonly chain: string;
  readonly family: Family;
  /** Packets that it matched; undefined where nothing was counted. */
  readonly hits: number | undefined;
  readonly matched: boolean | undefined;
  readonly here: boolean;
  readonly focusable: boolean;
  readonly follow: (chain: string) => void;
}): JSX.Element {
  const { rule, chain, family, hits, matched, here, focusable, follow } = props;
  const { number, line, text, jump, does } = rule;
  const words = printable(bareRule(text, chain));
  const tab = focusable ? 0 : -1;
  const said = matched === undefined ? "" : matched ? "matched" : "did not match";
  const state = `${here ? " here" : ""}${matched === undefined ? "" : matched ? " matched" : " failed"}${hits === 0 ? " unhit" : ""}`;
  return (
    <div class={`map-rule${state}`}>
      <button
        type="button"
        class="map-rule-words"
        tabIndex={tab}
        aria-current={here ? "step" : undefined}
        title={line > 0 ? `${words}\nShows it in the editor (line ${line})` : words}
        onClick={() => showRule({ family, line })}
      >
        <span class="map-rule-number">{number}</span>
        <span class="map-rule-sign" title={said}>
          <span aria-hidden="true">{matched === undefined ? "" : matched ? "✓" : "✗"}</span>
          <span class="visually-hidden">{said}</span>
        </span>
        {hits !== undefined && (
          <span class="map-rule-hits" title={`${fullCount(hits, "packet")} matched`}>
            {hits === 0 ? "–" : shortCount(hits)}
            <span class="visually-hidden"> hits </span>
          </span>
        )}
        <RuleWords words={words} tone={does === undefined ? undefined : TONES[does]} />
      </button>
      {jump !== undefined && (
        <button type="button" class="map-rule-jump" tabIndex={tab} title={`Zooms into ${printable(jump)}`} onClick={() => follow(jump)}>
          <span aria-hidden="true">→</span>
          <span class="visually-hidden">Zoom into {printable(jump)}</span>
        </button>
      )}
    </div>
  );
}

/** The words of a rule, its target set off: where there is too little room, conditions are cut off before the target is. */
function RuleWords({ words, tone }: { readonly words: string; readonly tone: string | undefined }): JSX.Element {
  const found = Math.max(words.lastIndexOf(" -j "), words.lastIndexOf(" -g "));
  const jump = found !== -1 ? found + 1 : words.startsWith("-j ") || words.startsWith("-g ") ? 0 : words.length;
  return (
    <span class="map-rule-text rule-text">
      {jump > 0 && <span class="map-rule-conditions">{words.slice(0, jump).trimEnd()}</span>}
      {jump < words.length && <span class={`map-target ${tone ?? ""}`}>{words.slice(jump)}</span>}
    </span>
  );
}
