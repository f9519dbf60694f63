import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { documents, edit, origin, shown } from "../state/documents.ts";
import { reading } from "../state/reading.ts";
import { rulesWork } from "../work/workers.ts";
import { note } from "./note.ts";

const DUMPS = { specs: "an iptables -S dump", list: "an iptables -L listing" } as const;

/** Where the text is a dump of another kind, which the page reads but cannot mend: an offer to rewrite it as save text. */
export function DumpOffer(): JSX.Element | null {
  const busy = useSignal(false);
  const kind = shown.value;
  const taken = kind === "rules4" || kind === "rules6" ? reading.value?.kinds[kind] : undefined;
  if ((kind !== "rules4" && kind !== "rules6") || (taken !== "specs" && taken !== "list") || origin.value.readOnly !== undefined)
    return null;
  const rewrite = async (): Promise<void> => {
    busy.value = true;
    const text = documents.value[kind];
    const result = await rulesWork().takeText(kind === "rules6" ? "rules.v6" : "rules.v4", text);
    busy.value = false;
    if (documents.value[kind] !== text) return;
    if ("refused" in result) note.value = { tone: "fault", lines: [`It cannot be rewritten: ${result.refused}.`] };
    else {
      edit(kind, result.texts[kind] ?? text);
      note.value = { tone: "note", lines: result.notes };
    }
  };
  return (
    <div class="notice editor-note">
      <p>This is {DUMPS[taken]}. Fixes and loading need the form that iptables-save writes.</p>
      <button type="button" class="button" disabled={busy.value} onClick={() => void rewrite()}>
        Rewrite it
      </button>
    </div>
  );
}
