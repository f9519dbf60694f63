import "./policy.css";
import type { JSX } from "preact";
import { PanelLink } from "../controls/panel-link.tsx";
import { typedInto } from "../controls/typed-into.ts";
import { Tabs } from "../controls/tabs.tsx";
import { printable } from "../../report/index.ts";
import { documents } from "../state/documents.ts";
import { reading } from "../state/reading.ts";
import { inPage } from "../work/page-words.ts";
import { CellSheet } from "./cell-sheet.tsx";
import { Downloads } from "./downloads.tsx";
import { Progress } from "./progress.tsx";
import { moved } from "./sheet.ts";
import { Search } from "./search.tsx";
import { SectionCard } from "./section-card.tsx";
import { Summary } from "./summary.tsx";
import { filter, firstRows, policyAsking, sheet, shownSection } from "./state.ts";
import type { PolicyView, SectionView } from "./view.ts";

/** What the firewall allows, and who can reach whom. */
export function Panel(): JSX.Element {
  const { answer, again } = policyAsking();
  const { state, value, fault } = answer.value;
  const texts = documents.value;
  if (texts.rules4.trim() === "" && texts.rules6.trim() === "")
    return <p class="notice">Open a ruleset, or write rules, to see who may open what to whom.</p>;
  const early = state === "asking" && firstRows.value?.texts === texts ? firstRows.value : undefined;
  const shown = early ?? value;
  const stage = shown === undefined ? "none" : shown.texts !== texts ? "stale" : early ? "first" : "whole";
  return (
    <div class="stack large">
      <Search />
      <Progress state={state} stage={stage} fault={fault} again={again} />
      {shown ? <Policy policy={shown.policy} isWhole={stage === "whole" && state === "done"} /> : null}
    </div>
  );
}

const keyOf = ({ family, path }: SectionView): string => `${family}${path}`;

function Policy({ policy, isWhole }: { readonly policy: PolicyView; readonly isWhole: boolean }): JSX.Element {
  const { summary, sections, assumptions, families } = policy;
  const chosen = sections.find(each => keyOf(each) === shownSection.value) ?? sections.find(({ usable }) => usable > 0) ?? sections[0];
  const at = chosen ? sections.indexOf(chosen) : -1;
  const open = sheet.value && moved(sheet.value, policy);
  return (
    <>
      <section class="stack" aria-label="Summary">
        <div class="row">
          <h2>What this firewall allows</h2>
          <span class="spacer" />
          <Downloads disabled={!isWhole} />
        </div>
        <Summary sentences={summary} />
        <LeftOut />
        {assumptions.length > 0 ? (
          <p class="soft small from-rules">
            Assumed: {printable(assumptions.map(inPage).join("; "))}.{" "}
            {assumptions.some(text => text.includes("--host")) ? <PanelLink to="host">Say what the machine is</PanelLink> : null}
          </p>
        ) : null}
      </section>
      {chosen ? (
        <section class="stack policy-tabs" aria-label="Sessions and strays by path">
          <div class="row policy-bar">
            <h2>Services and addresses</h2>
            <input
              class="input"
              type="search"
              aria-label="Filter services, addresses and interfaces"
              placeholder="Filter: ssh, 10.0.0, eth0 …"
              {...typedInto(filter)}
            />
          </div>
          <Tabs
            label="Paths"
            tabs={sections.map(section => ({
              name: keyOf(section),
              title: `${families.length > 1 ? `IPv${section.family} ` : ""}${section.path} (${section.usable})`,
              about: section.title,
            }))}
            selected={keyOf(chosen)}
            controls="policy-section"
            idPrefix="policy-tab-"
            select={name => {
              sheet.value = undefined;
              shownSection.value = name;
            }}
          />
          <div id="policy-section" role="tabpanel" aria-labelledby={`policy-tab-${keyOf(chosen)}`}>
            <SectionCard key={keyOf(chosen)} policy={policy} index={at} />
          </div>
        </section>
      ) : null}
      {open ? <CellSheet shown={open} /> : null}
    </>
  );
}

/** Lines that the reader left out, so that this says nothing of them. */
function LeftOut(): JSX.Element | null {
  const skipped = reading.value?.skipped;
  const count = (skipped?.rules4.length ?? 0) + (skipped?.rules6.length ?? 0);
  if (count === 0) return null;
  return (
    <p class="notice warn">
      {count === 1 ? "1 line is" : `${count} lines are`} faulty and left out here: what the firewall allows may differ from this. The editor
      underlines them.
    </p>
  );
}
