import { effect } from "@preact/signals";
import { isNarrow } from "../state/actions.ts";
import { isView, view } from "../state/view.ts";
import { openFirst } from "../editor/opening.ts";
import { connect } from "../remote/connection.ts";
import { startTracing } from "../trace/tracing.ts";
import { startReading } from "./rereading.ts";

/** Everything that the page does before it is drawn: where it is narrow, what it shows first, and that its texts are read. */
export function startApp(): void {
  const narrow = matchMedia("(max-width: 52rem)");
  const measure = (): void => {
    isNarrow.value = narrow.matches;
    if (!narrow.matches && view.value === "rules") view.value = "map";
  };
  narrow.addEventListener("change", measure);
  measure();
  const asked = new URLSearchParams(location.hash.slice(1)).get("view") ?? undefined;
  if (isView(asked)) view.value = asked;
  effect(() => {
    document.documentElement.dataset["view"] = view.value;
  });
  startReading();
  startTracing();
  connect(openFirst);
}
