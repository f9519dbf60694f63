import { expose } from "comlink";
import type { Grammar } from "../editor/assistance/grammar.ts";
import type { AskedValue } from "../editor/work.ts";
import type { TakenText } from "../editor/taken.ts";
import type { ReadAsked } from "../policy/asked-words.ts";
import type { QuestionWords } from "../policy/question-words.ts";
import type { Documents } from "../state/documents.ts";
import type { Changed, HostChange, HostPage, Imported } from "../host/page.ts";
import type { TraceStep } from "../state/traced.ts";
import type { TracingParts } from "../trace/parts.ts";
import type { Advice } from "../trace/suggestions.ts";
import { now, random } from "./clock.ts";
import { readFirewall } from "./firewall.ts";
import type { Reading } from "./outline.ts";
import { outlineOf } from "./outline-of.ts";

/** What the reading worker does. All but reading is loaded when it is first asked for, so that the page is soon there. */
const work = {
  read: (texts: Documents): Reading => outlineOf(readFirewall(texts, now())),
  grammar: async (): Promise<Grammar> => (await import("../editor/assistance/grammar.ts")).ruleGrammar(),
  describeValue: async (asked: AskedValue): Promise<readonly string[]> => (await import("../editor/work.ts")).describeValue(asked),
  takeText: async (name: string, text: string): Promise<TakenText> => (await import("../editor/taken-text.ts")).takeText(name, text),
  trace: async (texts: Documents, question: string): Promise<TracingParts> =>
    (await import("../trace/parts.ts")).traceInParts(texts, question, { now: now(), random }),
  moreSteps: async (id: number, from: number): Promise<readonly TraceStep[]> => (await import("../trace/parts.ts")).moreSteps(id, from),
  traceAdvice: async (texts: Documents): Promise<Advice> => (await import("../trace/suggestions.ts")).adviceOf(readFirewall(texts, now())),
  traceReport: async (texts: Documents, question: string, all: boolean): Promise<string> =>
    (await import("../trace/work.ts")).traceReport(texts, question, { now: now(), random }, all),
  readAsked: async (text: string, interfaces: readonly string[]): Promise<ReadAsked> =>
    (await import("../policy/asked-words.ts")).readAsked(text, interfaces),
  questionWords: async (texts: Documents): Promise<QuestionWords> =>
    (await import("../policy/question-words.ts")).questionWords(texts, now()),
  hostPage: async (texts: Documents): Promise<HostPage> => (await import("../host/work.ts")).hostPage(texts, now()),
  changeHost: async (texts: Documents, change: HostChange): Promise<Changed> =>
    (await import("../host/changing.ts")).changeHost(texts, change, now()),
  importHost: async (texts: Documents, given: string): Promise<Imported> =>
    (await import("../host/importing.ts")).importHost(texts, given, now()),
};

export type RulesWork = typeof work;

expose(work);
