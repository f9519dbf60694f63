import type { JSX } from "preact";
import { printable } from "../../report/index.ts";
import { EmptyReplay } from "./empty.tsx";
import { EntryForm } from "./entry-form.tsx";
import "./panel.css";
import { PlayedView } from "./played-view.tsx";
import { RunBar } from "./run-bar.tsx";
import { WhyDialog } from "./why-dialog.tsx";
import { capture, run } from "./running.ts";

/** A capture, run through the rules: what became of its packets, over time, by session and by rule. */
export function Panel(): JSX.Element {
  const { state, played, fault } = run.value ?? { state: "none", played: undefined, fault: "" };
  return (
    <div class="replay stack large">
      {capture.value === undefined ? (
        <EmptyReplay />
      ) : (
        <>
          <RunBar />
          {state === "refused" && (
            <p class="notice fault" role="alert">
              This cannot be run. <span class="from-rules">{printable(fault)}</span>
            </p>
          )}
          {played && <PlayedView played={played} />}
          <EntryForm />
          <WhyDialog />
        </>
      )}
    </div>
  );
}
