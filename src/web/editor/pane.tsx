import "./editor.css";
import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import type { ComponentType, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Tabs } from "../controls/tabs.tsx";
import { documents, shown, type DocumentKind } from "../state/documents.ts";
import { fixing } from "../state/findings.ts";
import { reading } from "../state/reading.ts";
import { fullCount } from "./counts.ts";
import { bindEditor } from "./binding.ts";
import { DumpOffer } from "./dump-offer.tsx";
import { NoteStrip } from "./note-strip.tsx";
import { startOpening } from "./opening.ts";
import { StatusLine } from "./status-line.tsx";

const TEXTS: readonly { readonly name: DocumentKind; readonly title: string; readonly about: string }[] = [
  { name: "rules4", title: "IPv4", about: "rules as iptables-save writes them" },
  { name: "rules6", title: "IPv6", about: "rules as ip6tables-save writes them" },
  { name: "sets", title: "Sets", about: "sets as ipset save writes them" },
];
const HOST = { name: "host", title: "Host", about: "the machine, as a host file" } as const;

/** The texts: rules of each family and sets, one at a time. */
export function EditorPane(): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const failed = useSignal("");
  const Fix = useSignal<ComponentType | undefined>(undefined);
  const tabs = useComputed(() =>
    [...TEXTS, ...(shown.value === "host" ? [HOST] : [])].map(tab => ({ ...tab, title: `${tab.title}${signOf(tab.name)}` })),
  );
  useEffect(() => {
    if (!host.current) return undefined;
    startOpening();
    const editor = bindEditor(host.current);
    afterFirstView(() => {
      import("./assistance/index.ts").then(
        ({ startAssistance }) => startAssistance(editor),
        () => {
          failed.value = "Completion, search and findings could not be loaded. Is the page's server still there?";
        },
      );
    });
    return () => editor.stop();
  }, []);
  useSignalEffect(() => {
    if (fixing.value === undefined || Fix.peek()) return;
    import("../findings/fix-dialog.tsx").then(
      ({ FixDialog }) => {
        Fix.value = FixDialog;
      },
      () => {
        failed.value = "The fix could not be loaded. Is the page's server still there?";
      },
    );
  });
  return (
    <>
      <Tabs
        label="Texts"
        tabs={tabs.value}
        selected={shown.value}
        controls="text"
        idPrefix="text-"
        select={name => {
          shown.value = name;
        }}
      />
      <div class="editor-body">
        <div>
          <NoteStrip />
          <DumpOffer />
        </div>
        {failed.value === "" ? null : <p class="notice warn editor-note">{failed.value}</p>}
        <div class="editor-host" ref={host} id="text" role="tabpanel" aria-labelledby={`text-${shown.value}`} />
        <StatusLine />
        {Fix.value ? <Fix.value /> : null}
      </div>
    </>
  );
}

/** Does more work once the texts are read and drawn, or could not be within seconds: the first view comes first. */
function afterFirstView(work: () => void): void {
  let begun = false;
  const begin = (): void => {
    if (begun) return;
    begun = true;
    if ("requestIdleCallback" in globalThis) requestIdleCallback(work, { timeout: 1000 });
    else setTimeout(work, 100);
  };
  const stop = reading.subscribe(read => read && begin());
  setTimeout(() => {
    stop();
    begin();
  }, PATIENCE);
}

/** ms after which the first view is not waited for any longer. */
const PATIENCE = 5000;

/** Behind a tab's name: is its text empty, or wrong? */
function signOf(kind: DocumentKind): string {
  const errors = reading.value?.faultCounts[kind].error ?? 0;
  if (errors > 0) return ` (${fullCount(errors, "error")})`;
  return documents.value[kind] === "" ? " (none)" : "";
}
