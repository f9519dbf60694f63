import type { JSX } from "preact";
import { printable, type GridAxis } from "../../report/index.ts";
import { AXIS_WORDS, usualAxis } from "./axis.ts";
import { cellWords, LEGEND } from "./cell-words.ts";
import { chosenOf, rowHolds } from "./chosen.ts";
import { Matrix } from "./matrix.tsx";
import { RowList } from "./row-list.tsx";
import { chosenAxis, filter, sheet } from "./state.ts";
import { StrayList } from "./stray-list.tsx";
import type { PolicyView } from "./view.ts";

const AXES: readonly GridAxis[] = ["clients", "servers"];

/** One path of one family: its matrix, and below it what half works and what strays. */
export function SectionCard(props: {
  readonly policy: PolicyView;
  /** The section's index. */
  readonly index: number;
}): JSX.Element | null {
  const { policy, index } = props;
  const section = policy.sections[index];
  if (!section) return null;
  const rows = policy.rows[index] ?? [];
  const axis = chosenAxis.value ?? usualAxis(section.path);
  const matrix = section.matrices[axis];
  const chosen = chosenOf(section, matrix, filter.value);
  const halfOpen = rows.slice(section.usable).filter(row => rowHolds(row, filter.value));
  return (
    <div class="stack large">
      {section.usable + section.halfOpen === 0 ? (
        <>
          <h3>{section.title}</h3>
          <p class="notice">No session can be opened.</p>
        </>
      ) : (
        <div class="stack">
          <div class="row">
            <h3>{section.title}</h3>
            <span class="spacer" />
            <div class="row" role="group" aria-label="Columns">
              <span class="label">Columns:</span>
              {AXES.map(each => (
                <button
                  key={each}
                  type="button"
                  class="button small"
                  aria-pressed={each === axis}
                  onClick={() => {
                    sheet.value = undefined;
                    chosenAxis.value = each;
                  }}
                >
                  {AXIS_WORDS[each]}
                </button>
              ))}
            </div>
            <span class="soft small" role="status">
              {counted(chosen.lines.length, section.lines.length, "service")} ×{" "}
              {counted(chosen.columns.length, matrix.columns.length, "class", "classes")}
            </span>
          </div>
          {chosen.lines.length === 0 || chosen.columns.length === 0 ? (
            <p class="notice">No service and no address holds “{printable(filter.value)}”. Empty the filter to see all.</p>
          ) : (
            <Matrix key={axis} policy={policy} section={section} index={index} axis={axis} chosen={chosen} />
          )}
          <Legend />
          {section.complete ? null : <p class="soft small">There are more rows than anybody reads; these are the widest.</p>}
        </div>
      )}
      {section.halfOpen > 0 ? (
        <section class="stack" aria-label="Half-open sessions">
          <h3>
            Half-open: {section.halfOpen} {section.halfOpen === 1 ? "kind" : "kinds"} of sessions
          </h3>
          <p class="soft">The first packet passes, and then something stops the session: clients wait for an answer until they give up.</p>
          <RowList key={filter.value} rows={halfOpen} />
        </section>
      ) : null}
      <section class="stack" aria-label="Strays">
        {section.strays.length > 0 ? (
          <>
            <h3>
              Strays: {section.strays.length} {section.strays.length === 1 ? "kind" : "kinds"} of packets outside of sessions
            </h3>
            <p class="soft">These pass though no session is open for them.</p>
            <StrayList strays={section.strays} />
          </>
        ) : (
          <p>✓ No strays: nothing passes outside of sessions.</p>
        )}
      </section>
      <p class="soft">
        {section.refusals.length > 0 ? (
          <span class="from-rules">Everything else is {printable(section.refusals.join("; or "))}. </span>
        ) : null}
        Exact for {section.exact} of the kinds of sessions.
      </p>
    </div>
  );
}

const counted = (shown: number, all: number, one: string, many = `${one}s`): string =>
  `${shown === all ? "" : `${shown} of `}${all} ${all === 1 ? one : many}`;

function Legend(): JSX.Element {
  return (
    <ul class="plain-list policy-legend small">
      {LEGEND.map(({ code, means }) => {
        const { tone, sign, word } = cellWords(code);
        return (
          <li key={code}>
            <span class={`policy-mark ${tone}`}>
              {sign} {word}
            </span>{" "}
            {means}
          </li>
        );
      })}
    </ul>
  );
}
