import { expose } from "comlink";
import type { Finding } from "../../analysis/index.ts";
import type { FixPreview } from "../findings/fix.ts";
import type { Findings } from "../findings/work.ts";
import type { Documents } from "../state/documents.ts";
import type { CompareWish, DiffView } from "../diff/view.ts";
import type { BothTraces } from "../diff/both-traces.ts";
import type { Answered } from "../policy/query-work.ts";
import type { PolicyHead, RowView } from "../policy/view.ts";
import type { PolicyFile, PolicyWish } from "../policy/work.ts";
import type { TestedTexts, TestRun } from "../tests/run.ts";
import { now, random } from "./clock.ts";

/** What an analysing worker does; each panel's part stands in its own folder. */
const work = {
  lint: async (texts: Documents): Promise<Findings> => (await import("../findings/work.ts")).lintTexts(texts, now()),
  findingsFile: async (report: Findings, form: "json" | "sarif"): Promise<string> =>
    (await import("../findings/file.ts")).findingsFile(report, form),
  previewFix: async (texts: Documents, findings: readonly Finding[]): Promise<FixPreview> =>
    (await import("../findings/fix.ts")).previewFix(texts, findings, now()),
  policy: async (texts: Documents, wish: PolicyWish): Promise<PolicyHead> => (await import("../policy/served.ts")).policyHead(texts, wish),
  policyRows: async (section: number, from: number, count: number): Promise<readonly RowView[]> =>
    (await import("../policy/served.ts")).policyRows(section, from, count),
  policyFile: async (texts: Documents, wish: PolicyWish, kind: PolicyFile, name: string): Promise<string> =>
    (await import("../policy/served.ts")).servedPolicyFile(texts, wish, kind, name),
  query: async (texts: Documents, question: string): Promise<Answered> =>
    (await import("../policy/query-work.ts")).answerOf(texts, question, now()),
  diff: async (before: Documents, after: Documents, wish: CompareWish): Promise<DiffView> =>
    (await import("../diff/work.ts")).compareTexts(before, after, wish, now()),
  bothTraces: async (before: Documents, after: Documents, questions: readonly [string, string]): Promise<BothTraces> =>
    (await import("../diff/both-traces.ts")).bothTraces(before, after, questions, { now: now(), random }),
  checkTests: async (texts: TestedTexts, text: string): Promise<TestRun> =>
    (await import("../tests/work.ts")).checkTests(texts, text, now()),
  starterTests: async (texts: Documents): Promise<string> => (await import("../tests/starter.ts")).starterFile(texts, now()),
};

export type AnalysisWork = typeof work;

expose(work);
