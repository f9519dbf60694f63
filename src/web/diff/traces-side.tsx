import type { JSX } from "preact";
import type { RulePointer } from "../../analysis/index.ts";
import { printable } from "../../report/index.ts";
import { RuleLink } from "../controls/rule-link.tsx";
import type { TraceSide } from "./both-traces.ts";

/** What becomes of a witness on one side, packet by packet. */
export function TracesSide(props: {
  readonly title: string;
  readonly trace: TraceSide | string;
  readonly show: (rule: RulePointer) => void;
}): JSX.Element {
  const { title, trace, show } = props;
  if (typeof trace === "string")
    return (
      <section class="diff-trace" aria-label={`Trace ${title}`}>
        <h4>{title}</h4>
        <p class="soft from-rules">{printable(trace)}</p>
      </section>
    );
  return (
    <section class="diff-trace" aria-label={`Trace ${title}`}>
      <h4>{title}</h4>
      <p>
        <span class={`badge ${trace.good ? "accept" : "drop"}`}>{trace.good ? "✓" : "✕"}</span>{" "}
        <span class="from-rules">{printable(trace.summary)}</span>
        {trace.clientSees === "" ? null : <span class="soft"> The client sees: {printable(trace.clientSees)}.</span>}
      </p>
      <ol class="diff-packets">
        {trace.packets.map(({ name, verdict, accepted, reason, arrived, decidedBy }, index) => (
          <li key={index}>
            <strong>{printable(name)}</strong>{" "}
            <span class={`badge ${accepted ? "accept" : "drop"}`}>
              {accepted ? "✓" : "✕"} {printable(verdict)}
            </span>{" "}
            {decidedBy ? (
              <span class="small">
                by <RuleLink rule={decidedBy} show={show} />
              </span>
            ) : reason === "" ? null : (
              <span class="soft small from-rules">{printable(reason)}</span>
            )}
            {arrived === undefined ? null : (
              <div class="small">
                <span class="soft">arrives as</span> <code class="rule-text">{printable(arrived)}</code>
              </div>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
