import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { RulePointer } from "../../analysis/index.ts";
import { printable } from "../../report/index.ts";
import { RuleLink } from "../controls/rule-link.tsx";
import { traceThis } from "../state/actions.ts";
import { Superseded } from "../work/desk.ts";
import { reasonOf } from "../work/reason.ts";
import type { BothTraces } from "./both-traces.ts";
import { CHANGE_WORDS } from "./change-words.ts";
import { shownFamily, shownLine, traceBoth, type Comparison } from "./state.ts";
import { TracesSide } from "./traces-side.tsx";
import type { ChangeView, SideView } from "./view.ts";

/** One class that the sides treat differently: what becomes of it on both, by which rules, and a witness that can be traced on both. */
export function ChangeCard({ change, of }: { readonly change: ChangeView; readonly of: Comparison }): JSX.Element {
  const traces = useSignal<BothTraces | "busy" | undefined>(undefined);
  const { compared } = of.wish;
  const titles = compared === "families" ? (["IPv4", "IPv6"] as const) : (["before", "after"] as const);
  const { badge, sign, word } = CHANGE_WORDS[change.change];
  const { before, after } = change;
  const shared = compared === "families" ? undefined : (after.witness ?? before.witness);
  const questions: readonly [string, string] =
    compared === "families" ? [before.witness ?? "", after.witness ?? ""] : [shared ?? "", shared ?? ""];
  const trace = (): void => {
    if (traces.value !== undefined) {
      traces.value = undefined;
      return;
    }
    traces.value = "busy";
    const show = (both: BothTraces | undefined): void => {
      // It may have been folded meanwhile.
      if (traces.value === "busy") traces.value = both;
    };
    traceBoth(of.sides, questions).then(show, (fault: unknown) => {
      const text = reasonOf(fault);
      show(fault instanceof Superseded ? undefined : { before: text, after: text });
    });
  };
  const doubts = [before.doubt, after.doubt].filter(doubt => doubt !== "");
  return (
    <li class="card diff-change">
      <p>
        <span class={`badge ${badge}`}>
          {sign} {word}
        </span>{" "}
        <strong class="from-rules">{printable(change.services)}</strong>
        {change.sort === "" ? null : <span class="from-rules">: packets {printable(change.sort)}</span>}{" "}
        <span class="from-rules">
          {ends(change)}
          {change.through === "" ? null : ` ${printable(change.through)}`}
        </span>
      </p>
      {change.depends.length > 0 ? (
        <p class="from-rules">
          <span class="badge warn">? depends on</span> {printable(change.depends.join("; "))}
        </p>
      ) : null}
      <dl class="diff-sides">
        <Side title={titles[0]} side={before} show={rule => showSide("before", rule)} />
        <Side title={titles[1]} side={after} show={rule => showSide("after", rule)} />
      </dl>
      {questions.every(question => question === "") ? null : (
        <p>
          {shared === undefined ? null : (
            <>
              <span class="soft small">witness</span> <code class="rule-text">{printable(shared)}</code>{" "}
            </>
          )}
          <button type="button" class="button small" aria-expanded={traces.value !== undefined} onClick={trace}>
            {traces.value === "busy" ? <span class="busy" aria-hidden="true" /> : null}
            Trace on both sides
          </button>{" "}
          {shared === undefined ? null : (
            <button
              type="button"
              class="button small"
              title="Trace it through the rules in the editor, step by step"
              onClick={() => traceThis(shared)}
            >
              Open in Trace
            </button>
          )}
          {doubts.length > 0 ? <span class="badge drop">not confirmed: {printable(doubts.join("; "))}</span> : null}
        </p>
      )}
      {traces.value === undefined || traces.value === "busy" ? null : (
        <div class="diff-traces">
          <TracesSide title={titles[0]} trace={traces.value.before} show={rule => showSide("before", rule)} />
          <TracesSide title={titles[1]} trace={traces.value.after} show={rule => showSide("after", rule)} />
        </div>
      )}
    </li>
  );
}

/** `from 10.0.0.0/8 to self` */
function ends({ from, to }: ChangeView): string {
  const words = [from === "anywhere" ? "" : `from ${printable(from)}`, to === "anywhere" ? "" : `to ${printable(to)}`];
  return words.filter(word => word !== "").join(" ");
}

function Side({
  title,
  side,
  show,
}: {
  readonly title: string;
  readonly side: SideView;
  readonly show: (rule: RulePointer) => void;
}): JSX.Element {
  return (
    <>
      <dt>{title}</dt>
      <dd>
        <span class="from-rules">{printable(side.text)}</span>
        {side.by ? (
          <>
            {" by "}
            <RuleLink rule={side.by} show={show} />
          </>
        ) : null}
      </dd>
    </>
  );
}

/** Shows a rule in the texts that stand beside each other. */
function showSide(side: "before" | "after", { family, line }: RulePointer): void {
  shownFamily.value = family;
  shownLine.value = { side, family, line };
}
