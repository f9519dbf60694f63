import "./findings.css";
import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Finding, Severity } from "../../analysis/index.ts";
import { MoreButton } from "../controls/more-button.tsx";
import { findingGroups, printable, type FindingGroup } from "../../report/index.ts";
import { documents, origin } from "../state/documents.ts";
import { areStale, chosen, findings, fixing, looking, report } from "../state/findings.ts";
import { wantedFindings } from "./chosen-list.ts";
import { Downloads } from "./downloads.tsx";
import { GroupItem } from "./finding-group.tsx";
import { FindingItem } from "./finding-item.tsx";
import { lookAgain, startLinting } from "./linting.ts";
import { SEVERITIES, severityCount, severityTitle } from "./severity.tsx";

/** Findings, those that say the same counted once, that are shown at once; more are shown when asked for. */
const PAGE = 60;

/** What is wrong with the rules, gravest first. */
export function Panel(): JSX.Element {
  const severities = useSignal<ReadonlySet<Severity>>(new Set(SEVERITIES));
  const words = useSignal("");
  const most = useSignal(PAGE);
  useEffect(startLinting, []);
  const titleOf = (code: string): string => report.value?.kinds.get(code)?.title ?? "";
  useSignalEffect(() => {
    const finding = chosen.value;
    if (finding === undefined) return;
    // Chosen elsewhere, it is shown though it was left out before.
    const { open, allowed } = wantedFindings([finding], titleOf, { severities: severities.peek(), words: words.peek() });
    if (open.length + allowed.length > 0) return;
    words.value = "";
    severities.value = new Set(SEVERITIES);
  });
  const wanted = useComputed(() => wantedFindings(findings.value ?? [], titleOf, { severities: severities.value, words: words.value }));
  const groups = useComputed(() => findingGroups(wanted.value.open));
  const counts = useComputed(() => countsOf(findings.value ?? []));
  // A finding that was chosen elsewhere must be among those that are shown.
  const { value: looked } = chosen;
  const at = looked === undefined ? -1 : groups.value.findIndex(({ first, others }) => first === looked || others.includes(looked));
  const shown = groups.value.slice(0, Math.max(most.value, at + 1));
  const fixable = wanted.value.open.filter(({ fix }) => fix !== undefined);
  if (findings.value === undefined) return <NotYet />;
  return (
    <div class="stack large findings">
      <div class="stack">
        <h2 class="row">
          Findings
          <Looking />
        </h2>
        <p role="status">{sumOf(counts.value, findings.value.length)}</p>
      </div>
      <div class="row" role="group" aria-label="Which findings are shown">
        {SEVERITIES.map(severity => (
          <button
            key={severity}
            type="button"
            class="button"
            aria-pressed={severities.value.has(severity)}
            onClick={() => {
              severities.value = toggled(severities.value, severity);
            }}
          >
            {severityCount(severity, counts.value.get(severity) ?? 0)}
          </button>
        ))}
        <input
          class="input findings-search"
          type="search"
          aria-label="Search in findings"
          placeholder="code, word or chain"
          value={words.value}
          onInput={event => {
            words.value = event.currentTarget.value;
            most.value = PAGE;
          }}
        />
        <Downloads />
        {fixable.length > 1 && !areStale.value && origin.value.readOnly === undefined ? (
          <button
            type="button"
            class="button"
            onClick={() => {
              fixing.value = fixable;
            }}
          >
            Look at all {fixable.length} fixes …
          </button>
        ) : null}
      </div>
      {findings.value.length > 0 && wanted.value.open.length === 0 && wanted.value.allowed.length === 0 ? (
        <p class="soft">No finding fits. Press a severity, or search for something else.</p>
      ) : null}
      {SEVERITIES.map(severity => (
        <Group key={severity} severity={severity} list={shown.filter(({ first }) => first.severity === severity)} />
      ))}
      <MoreButton rest={groups.value.length - shown.length} shown={most} page={PAGE * 2} />
      <Allowed list={wanted.value.allowed} />
      <Remarks />
    </div>
  );
}

function Group({ severity, list }: { readonly severity: Severity; readonly list: readonly FindingGroup[] }): JSX.Element | null {
  if (list.length === 0) return null;
  return (
    <section aria-label={severityTitle(severity)}>
      <h3 class="findings-title">{severityTitle(severity)}</h3>
      <ul class="findings-list">
        {list.map((group, index) => (
          <GroupItem
            key={`${group.first.code} ${group.first.family} ${group.first.at.line} ${index}`}
            group={group}
            kind={report.value?.kinds.get(group.first.code)}
          />
        ))}
      </ul>
    </section>
  );
}

function Allowed({ list }: { readonly list: readonly Finding[] }): JSX.Element | null {
  if (list.length === 0) return null;
  return (
    <details>
      <summary>{list.length === 1 ? "1 more is" : `${list.length} more are`} allowed by comments</summary>
      <ul class="findings-list">
        {list.slice(0, PAGE).map((finding, index) => (
          <FindingItem key={index} finding={finding} kind={report.value?.kinds.get(finding.code)} />
        ))}
      </ul>
    </details>
  );
}

/** Comments that allow what is not there, and what is taken for granted. */
function Remarks(): JSX.Element | null {
  const { unused = [], assumptions = [] } = report.value ?? {};
  if (unused.length === 0 && assumptions.length === 0) return null;
  return (
    <div class="stack soft small from-rules">
      {unused.slice(0, 20).map(({ file, line, codes }) => (
        <p key={`${file} ${line}`}>
          {file} line {line}: the comment allows {printable(codes.join(", "))}, which was not found.
        </p>
      ))}
      {assumptions.length > 0 ? <p>Assumed: {printable(assumptions.join("; "))}.</p> : null}
    </div>
  );
}

function Looking(): JSX.Element | null {
  const { state, fault } = looking.value;
  if (state === "failed")
    return (
      <span class="row small">
        <span class="badge drop">could not look: {printable(fault)}</span>
        <button type="button" class="button" onClick={lookAgain}>
          Try again
        </button>
      </span>
    );
  if (state !== "asking" && !areStale.value) return null;
  return (
    <span class="row small soft">
      <span class="busy" aria-hidden="true" />
      looking …
    </span>
  );
}

function NotYet(): JSX.Element {
  if (looking.value.state === "failed") return <Looking />;
  const empty = documents.value.rules4 === "" && documents.value.rules6 === "";
  return empty ? (
    <p class="soft">There are no rules to look at yet. Open some, or write them in the editor.</p>
  ) : (
    <p class="row soft" role="status">
      <span class="busy" aria-hidden="true" />
      Looking for mistakes and risks …
    </p>
  );
}

function countsOf(list: readonly Finding[]): ReadonlyMap<Severity, number> {
  const counts = new Map<Severity, number>();
  for (const { severity, suppressed } of list) if (suppressed === undefined) counts.set(severity, (counts.get(severity) ?? 0) + 1);
  return counts;
}

function sumOf(counts: ReadonlyMap<Severity, number>, all: number): string {
  const parts = SEVERITIES.flatMap(severity => (counts.has(severity) ? [severityCount(severity, counts.get(severity) ?? 0)] : []));
  const open = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const allowed = all > open ? `; ${all - open} allowed by comments` : "";
  return `${parts.length === 0 ? "Nothing was found" : parts.join(", ")}${allowed}.`;
}

function toggled(set: ReadonlySet<Severity>, severity: Severity): ReadonlySet<Severity> {
  const next = new Set(set);
  if (!next.delete(severity)) next.add(severity);
  return next;
}
