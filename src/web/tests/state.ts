import { computed, effect, signal, type Signal } from "@preact/signals";
import { documents, opened, origin, type Documents } from "../state/documents.ts";
import { whileShown } from "../state/while-shown.ts";
import { asking, type Asking } from "../work/answer.ts";
import { Stopped } from "../work/desk.ts";
import { analysisDesk } from "../work/workers.ts";
import { keptAssertions, keepAssertions } from "./kept.ts";
import type { TestRun } from "./run.ts";
import { reasonOf } from "../work/reason.ts";

/** The file of assertions as it is edited. */
export const assertions: Signal<string> = signal("");

/** Files that assertions compare with, by name: for this visit only. */
export const attached: Signal<ReadonlyMap<string, Documents>> = signal(new Map());

/** The line that the editor is to show; each request is a new object. */
export const shownLine: Signal<{ readonly line: number } | undefined> = signal(undefined);

/** What the file is called in reports. */
export const FILE_NAME = "firewall.yaml";

const desk = analysisDesk();

const question = computed(() =>
  assertions.value.trim() === ""
    ? undefined
    : { now: documents.value, opened: opened.value, attached: attached.value, text: assertions.value },
);
const shownQuestion = whileShown("tests", () => question.value);

/** What became of the assertions: asked anew when they, the rules or anything else that they are about change. */
export const testing: Asking<TestRun> = asking(
  () => shownQuestion.value,
  ({ text, ...texts }) => desk.ask(work => work.checkTests({ ...texts, name: FILE_NAME }, text)),
);

/** The last run of a file that could be read: while somebody types, most of what stands there still holds. */
export const readable: Signal<TestRun | undefined> = signal(undefined);

effect(() => {
  const { state, value } = testing.answer.value;
  if (state === "idle") readable.value = undefined;
  else if (state === "done" && value && value.faults.length === 0) readable.value = value;
});

/** Gives up what is being tested. */
export function stopTesting(): void {
  desk.stop();
}

const writing = analysisDesk();

/** Is a starter being written, and what went wrong the last time? */
export const starting: Signal<{ readonly busy: boolean; readonly fault: string }> = signal({ busy: false, fault: "" });

/** Writes a file that says what the rules allow now; a file that stands there already goes. */
export async function startFromPolicy(): Promise<void> {
  const name = origin.peek().name;
  starting.value = { busy: true, fault: "" };
  try {
    const text = await writing.ask(work => work.starterTests(documents.peek()));
    if (origin.peek().name === name) assertions.value = text;
    starting.value = { busy: false, fault: "" };
  } catch (fault) {
    starting.value = { busy: false, fault: fault instanceof Stopped ? "" : reasonOf(fault) };
  }
}

/** Gives the writing up. */
export function stopStarting(): void {
  writing.stop();
}

/** Each firewall has a file of its own, kept by the browser under the firewall's name. */
let kept: string | undefined;

effect(() => {
  const { name } = origin.value;
  if (name === kept) return;
  if (kept !== undefined) keepAssertions(kept, assertions.peek());
  kept = name;
  assertions.value = keptAssertions(name);
  attached.value = new Map();
});

effect(() => {
  const text = assertions.value;
  const name = kept;
  if (name === undefined) return undefined;
  const timer = setTimeout(() => keepAssertions(name, text), 400);
  return () => clearTimeout(timer);
});
