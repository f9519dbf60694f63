import type { JSX } from "preact";
import { printable } from "../../report/index.ts";
import { showRule } from "../state/actions.ts";
import type { Traced, TraceStep } from "../state/traced.ts";
import { playing } from "./stepping.ts";

const VERDICT_TONES: Readonly<Record<NonNullable<TraceStep["verdict"]>, string>> = {
  accept: "accept",
  drop: "drop",
  reject: "reject",
  queue: "note",
  nat: "nat",
  other: "note",
};

/** A step in words: where it is, the rule with the condition that failed marked, what happened and why; at the end of a packet what became of it. */
export function StepTold({ trace, index }: { readonly trace: Traced; readonly index: number }): JSX.Element | null {
  const current = trace.steps[index];
  if (!current) return null;
  const packet = trace.packets[current.packet];
  const { line, rule, text, failed, matched, verdict } = current;
  const tone = matched === false ? "" : verdict === undefined ? "" : VERDICT_TONES[verdict];
  return (
    <div class="map-told" aria-live={playing.value ? "off" : "polite"}>
      <p class="small soft from-rules">{placeText(current)}</p>
      {rule !== "" && (
        <p class="map-told-rule">
          <button
            type="button"
            class="rule-text"
            disabled={!line}
            title="Shows it in the editor"
            onClick={() => line && showRule({ family: trace.family, line })}
          >
            <MarkedRule rule={rule} failed={failed} />
          </button>
        </p>
      )}
      <p class="from-rules">
        {matched !== undefined && <span class={`badge ${matched ? tone || "note" : ""}`}>{matched ? "✓ match" : "✗ no match"}</span>}{" "}
        {matched === undefined && verdict !== undefined && <span class={`badge ${tone}`}>{verdict === "other" ? "step" : verdict}</span>}{" "}
        {printable(text)}
      </p>
      {packet && trace.packets.length > 1 && index === packet.end - 1 && (
        <p class={`map-told-end ${packet.accepted ? "good" : "bad"}`}>
          <strong class="from-rules">
            {printable(packet.name)}: {printable(packet.verdict)}
          </strong>
          {packet.reason !== "" && <span class="from-rules"> – {printable(packet.reason)}</span>}
        </p>
      )}
      {index === trace.steps.length - 1 && (
        <p class={`map-told-end ${trace.good ? "good" : "bad"}`}>
          <strong class="from-rules">{printable(trace.summary)}</strong>
          {trace.clientSees !== "" && <span> The client sees: {printable(trace.clientSees)}.</span>}
        </p>
      )}
    </div>
  );
}

/** Where a step is that is at no hook. */
const OUTSIDE: Readonly<Partial<Record<string, string>>> = {
  packet: "before the hooks",
  route: "routing decision",
  delivered: "local processes",
  emitted: "after the hooks",
};

/** `PREROUTING › nat › PREROUTING rule 1` */
function placeText({ hook, table, chain, number, beside, line, event }: TraceStep): string {
  const at = number === undefined ? "" : number === 0 ? "policy" : `rule ${number}${line ? ` (line ${line})` : ""}`;
  const within = [hook, table, [chain === undefined || chain === hook ? "" : printable(chain), at].filter(part => part !== "").join(" ")];
  const where = within.filter(part => part !== undefined && part !== "").join(" › ");
  return beside === undefined
    ? where || (OUTSIDE[event] ?? "outside the hooks")
    : `${beside === "answer" ? "the kernel's answer" : "the copy"}: ${where}`;
}

function MarkedRule({ rule, failed }: { readonly rule: string; readonly failed: string | undefined }): JSX.Element {
  const shown = printable(rule);
  const part = failed === undefined ? "" : printable(failed);
  const at = part === "" ? -1 : shown.indexOf(part);
  if (at === -1) return <>{shown}</>;
  return (
    <>
      {shown.slice(0, at)}
      <mark title="The condition that failed">{part}</mark>
      {shown.slice(at + part.length)}
    </>
  );
}
