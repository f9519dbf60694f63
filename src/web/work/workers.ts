import { wrap, type Remote } from "comlink";
import { createDesk, type Desk } from "./desk.ts";
import type { AnalysisWork } from "./analysis.worker.ts";
import type { LayoutWork } from "./layout.worker.ts";
import type { RulesWork } from "./rules.worker.ts";

let rules: Remote<RulesWork> | undefined;

/** The worker that reads and traces: it answers in order, and soon. */
export function rulesWork(): Remote<RulesWork> {
  rules ??= wrap<RulesWork>(new Worker(new URL("./rules.worker.ts", import.meta.url), { type: "module", name: "rules" }));
  return rules;
}

let layout: Remote<LayoutWork> | undefined;

/** The worker that lays graphs out. */
export function layoutWork(): Remote<LayoutWork> {
  layout ??= wrap<LayoutWork>(new Worker(new URL("./layout.worker.ts", import.meta.url), { type: "module", name: "layout" }));
  return layout;
}

/** A worker of its own for one kind of analysis: a panel's later question ends its earlier one, and nobody else's. */
export function analysisDesk(): Desk<AnalysisWork> {
  return createDesk<AnalysisWork>(() => new Worker(new URL("./analysis.worker.ts", import.meta.url), { type: "module", name: "analysis" }));
}
