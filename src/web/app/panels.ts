import type { ComponentType } from "preact";
import type { View } from "../state/view.ts";

/** A panel: its tab's words, and its code, which is loaded when it is first shown. */
export interface PanelEntry {
  readonly view: View;
  readonly title: string;
  /** One sentence: what it answers. */
  readonly about: string;
  /** It manages its own room and scrolling. */
  readonly full?: boolean;
  load(): Promise<{ readonly Panel: ComponentType }>;
}

/** All panels beside the editor, in the order of their tabs. */
export const PANELS: readonly PanelEntry[] = [
  { view: "map", title: "Map", about: "hooks, tables and chains", full: true, load: () => import("../map/panel.tsx") },
  { view: "trace", title: "Trace", about: "what happens to a packet or session, and why", load: () => import("../trace/panel.tsx") },
  { view: "policy", title: "Policy", about: "who may open what to whom", load: () => import("../policy/panel.tsx") },
  { view: "diff", title: "Diff", about: "what two rulesets treat differently", load: () => import("../diff/panel.tsx") },
  { view: "replay", title: "Replay", about: "a capture, run through the rules", load: () => import("../replay/panel.tsx") },
  { view: "findings", title: "Findings", about: "mistakes and risks", load: () => import("../findings/panel.tsx") },
  { view: "tests", title: "Tests", about: "assertions, proven as you type", load: () => import("../tests/panel.tsx") },
  { view: "host", title: "Host", about: "the machine that the rules stand on", load: () => import("../host/panel.tsx") },
];
