import type { JSX } from "preact";
import type { Change } from "../../analysis/diff/index.ts";
import { printable } from "../../report/index.ts";
import { inPage } from "../work/page-words.ts";
import { CHANGE_WORDS } from "./change-words.ts";
import { alone } from "./state.ts";
import type { DiffView } from "./view.ts";

const CHANGES: readonly Change[] = ["opens", "closes", "changes"];

/** The comparison in one sentence, and what it does not cover. */
export function Outcome({ found }: { readonly found: DiffView }): JSX.Element {
  const { wish, equal, counts, asides, left, undone, assumptions, skipped, families } = found;
  const scope = wish.compared === "families" ? "service by service" : families.map(family => `IPv${family}`).join(" and ");
  const none = CHANGES.every(change => counts[change] === 0) && asides === 0 && left === 0;
  return (
    <div class="stack">
      <p class="diff-outcome">
        {equal ? (
          <>
            <span class="badge accept diff-word">✓ proven equal</span>{" "}
            {wish.compared === "families"
              ? "IPv4 and IPv6 offer the same services to the same kinds of clients."
              : `Both let the same sessions and packets through${wish.strict ? ", with the same logging and marks" : ""}: proven for all packets (${scope}).`}
          </>
        ) : none ? (
          <>
            <span class="badge warn diff-word">? no difference found</span> but not everything could be compared ({scope}).
          </>
        ) : (
          <>
            {CHANGES.filter(change => counts[change] > 0).map(change => (
              <span key={change} class={`badge diff-word ${CHANGE_WORDS[change].badge}`}>
                {CHANGE_WORDS[change].sign} {counts[change]} {CHANGE_WORDS[change].done[wish.compared]}
              </span>
            ))}{" "}
            {asides > 0 ? `${asides} ${asides === 1 ? "class" : "classes"} of packets aside from sessions. ` : null}
            {left > 0
              ? `${left} more ${left === 1 ? "class differs" : "classes differ"} and ${left === 1 ? "is" : "are"} not listed. `
              : null}
            {left === 0 && undone.length === 0 ? `Nothing else differs, proven for all packets (${scope}).` : null}
          </>
        )}
      </p>
      {undone.map(text => (
        <p key={text} class="notice warn from-rules">
          Not compared: {printable(inPage(text))}
        </p>
      ))}
      {wish.compared === "rulesets" && alone.value.length > 0 ? (
        <p class="notice warn">IPv{alone.value.join(" and IPv")} is not compared: one of the two has no rules for it.</p>
      ) : null}
      {skipped[0] + skipped[1] > 0 ? (
        <p class="notice warn">
          Faulty lines are left out{skipped[0] > 0 ? `, ${skipped[0]} before` : ""}
          {skipped[1] > 0 ? `, ${skipped[1]} after` : ""}: the rules may differ in what they would do.
        </p>
      ) : null}
      {assumptions.length > 0 ? <p class="small soft from-rules">Assumed: {printable(assumptions.map(inPage).join("; "))}.</p> : null}
    </div>
  );
}
