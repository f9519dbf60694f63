import { useComputed, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { NoteStrip } from "../editor/note-strip.tsx";
import { EditorPane } from "../editor/pane.tsx";
import { isNarrow } from "../state/actions.ts";
import { openFindings } from "../state/findings.ts";
import { view, type View } from "../state/view.ts";
import { PanelHost } from "./panel-host.tsx";
import { PANELS } from "./panels.ts";
import { Splitter } from "./splitter.tsx";
import { Tabs } from "../controls/tabs.tsx";
import { TopBar } from "./top-bar.tsx";

/** Errors and warnings that no comment allows, behind the panel's title. */
function withCount(title: string): string {
  const grave = openFindings.value.filter(({ severity }) => severity !== "info").length;
  return grave === 0 ? title : `${title} (${grave})`;
}

/** The whole page: the rules on the left, what they do on the right; one of them where there is little room. */
export function App(): JSX.Element {
  const width = useSignal(42);
  const columns = useComputed(() => `--editor-width: ${width.value}%`);
  const tabs = PANELS.map(({ view: name, title, about }) => ({ name, title: name === "findings" ? withCount(title) : title, about }));
  const shownTabs = isNarrow.value ? [{ name: "rules" as View, title: "Rules", about: "the rules themselves" }, ...tabs] : tabs;
  return (
    <div class="shell">
      <TopBar />
      <main class="workspace" data-narrow-view={view.value === "rules" ? "rules" : "panel"} style={columns}>
        <section class="editor-pane" aria-label="Rules">
          <EditorPane />
        </section>
        <Splitter width={width} />
        <section class="panel-pane" aria-label="What the rules do">
          <Tabs
            label="Panels"
            tabs={shownTabs}
            selected={view.value}
            controls="panel"
            idPrefix="tab-"
            select={name => {
              view.value = name;
            }}
          />
          {/* Where the rules are out of sight, so is what the editor has to tell. */}
          {isNarrow.value && view.value !== "rules" ? <NoteStrip /> : null}
          <PanelHost />
        </section>
      </main>
    </div>
  );
}
