import type { JSX } from "preact";
import type { Fate, Verdict } from "../../analysis/query/index.ts";
import { PanelLink } from "../controls/panel-link.tsx";
import { printable } from "../../report/index.ts";
import { inPage } from "../work/page-words.ts";
import type { Answered, PartView } from "./query-work.ts";
import { RuleLink } from "../controls/rule-link.tsx";
import { WitnessLink } from "./witness-link.tsx";

const VERDICTS: Readonly<Record<Verdict, readonly [badge: string, text: string]>> = {
  yes: ["accept", "✓ yes"],
  no: ["drop", "✕ no"],
  depends: ["warn", "? depends"],
};

const FATES: Readonly<Record<Fate, readonly [badge: string, text: string]>> = {
  usable: ["accept", "● usable"],
  accepted: ["accept", "● accepted"],
  "half-open": ["reject", "◌ half-open"],
  rejected: ["reject", "✕ rejected"],
  dropped: ["drop", "✕ dropped"],
};

/** The answer to a question: a word, a sentence, then what becomes of whom. `stale`: the rules have changed since. */
export function AnswerCard({ of, asked, stale }: { readonly of: Answered; readonly asked: string; readonly stale: boolean }): JSX.Element {
  if (!of.answer)
    return (
      <p class="notice fault">
        <code class="rule-text">{printable(asked)}</code>: <span class="from-rules">{printable(inPage(of.fault?.message ?? ""))}</span>
      </p>
    );
  const { question, verdict, because, parts, complete, assumptions, lacksForwards } = of.answer;
  const [badge, word] = VERDICTS[verdict];
  return (
    <div class="card policy-row stack">
      <p>
        <span class={`badge policy-verdict ${badge}`}>{word}</span> <span class="from-rules">{printable(because)}</span>
        {stale ? <span class="badge warn">of the rules before the last change</span> : null}
      </p>
      <p class="small soft">
        <code class="rule-text">{printable(question)}</code>
      </p>
      {lacksForwards ? (
        <p class="notice warn small">
          Ports that NAT leads on to other machines are not in this answer: it takes the machine’s addresses to know them.{" "}
          <PanelLink to="host">Say what the machine is</PanelLink>, or ask <code>to any</code>.
        </p>
      ) : null}
      <ul class="plain-list stack">
        {parts.map((part, index) => (
          <Part key={index} part={part} />
        ))}
      </ul>
      {complete || parts.length === 0 ? null : <p class="small soft">There are more classes of them.</p>}
      {assumptions.length > 0 ? <p class="small soft from-rules">Assumed: {printable(assumptions.map(inPage).join("; "))}.</p> : null}
    </div>
  );
}

function Part({ part }: { readonly part: PartView }): JSX.Element {
  const { fate, which, where, depends, fails, witness, doubt, decidedBy } = part;
  const [badge, word] = FATES[fate];
  return (
    <li class="policy-part">
      <p>
        <span class={`badge ${badge}`}>{word}</span>{" "}
        <span class="from-rules">{which.length > 0 ? which.map(printable).join(", ") : "all of them"}</span>{" "}
        <span class="soft small">({where})</span>
        {fails === "" ? null : `: ${fails}`}
      </p>
      {depends.length > 0 ? (
        <p class="from-rules">
          <span class="badge warn">? depends on</span> {printable(depends.join("; "))}
        </p>
      ) : null}
      {decidedBy.map((rule, index) => (
        <p key={index}>
          <span class="soft small">{index === 0 ? "by" : "answer by"}</span> <RuleLink rule={rule} />
        </p>
      ))}
      {witness === undefined ? null : (
        <p>
          <span class="soft small">witness</span> <WitnessLink witness={witness} />
          {doubt === undefined ? null : doubt === "" ? (
            <span class="soft small"> ✓ confirmed by the engine</span>
          ) : (
            <span class="badge drop">not confirmed: {printable(doubt)}</span>
          )}
        </p>
      )}
    </li>
  );
}
