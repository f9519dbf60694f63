import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { documents, edit, origin, shown } from "../state/documents.ts";
import { reading } from "../state/reading.ts";
import { rulesWork } from "../work/workers.ts";
import { note } from "./note.ts";

/** What a text is instead of rules as iptables-save writes them, and what can be done about it. */
const OTHERS = {
  specs: { is: "This is an iptables -S dump. Fixes and loading need the form that iptables-save writes.", act: "Rewrite it" },
  list: { is: "This is an iptables -L listing. Fixes and loading need the form that iptables-save writes.", act: "Rewrite it" },
  script: { is: "These are commands, not the rules that come of them.", act: "Run them on an empty firewall" },
} as const;

/** Where the text is a dump of another kind, which the page reads but cannot mend, or commands: an offer to rewrite it as save text. */
export function DumpOffer(): JSX.Element | null {
  const busy = useSignal(false);
  const kind = shown.value;
  const taken = kind === "rules4" || kind === "rules6" ? reading.value?.kinds[kind] : undefined;
  if ((kind !== "rules4" && kind !== "rules6") || origin.value.readOnly !== undefined) return null;
  if (taken !== "specs" && taken !== "list" && taken !== "script") return null;
  const rewrite = async (): Promise<void> => {
    busy.value = true;
    const text = documents.value[kind];
    const result = await rulesWork().takeText(kind === "rules6" ? "rules.v6" : "rules.v4", text);
    busy.value = false;
    if (documents.value[kind] !== text) return;
    if ("refused" in result) note.value = { tone: "fault", lines: [`It cannot be rewritten: ${result.refused}.`] };
    else {
      edit(kind, result.texts[kind] ?? (taken === "script" ? "" : text));
      // Commands may be for both families, and make sets.
      for (const each of ["rules4", "rules6", "sets"] as const) {
        const made = result.texts[each];
        if (each !== kind && made !== undefined) edit(each, made);
      }
      note.value = { tone: "note", lines: result.notes };
    }
  };
  return (
    <div class="notice editor-note">
      <p>{OTHERS[taken].is}</p>
      <button type="button" class="button" disabled={busy.value} onClick={() => void rewrite()}>
        {OTHERS[taken].act}
      </button>
    </div>
  );
}
