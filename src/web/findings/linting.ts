import { effect, signal, type Signal } from "@preact/signals";
import { documents, type Documents } from "../state/documents.ts";
import { chosen, findings, foundIn, looking } from "../state/findings.ts";
import { asking } from "../work/answer.ts";
import { analysisDesk } from "../work/workers.ts";
import type { Findings } from "./work.ts";

/** All that lint told last, beside the findings themselves. */
export const report: Signal<Findings | undefined> = signal(undefined);

const PAUSE = 700;

let again: (() => void) | undefined;

/** Looks for findings, now and whenever the texts change; does nothing when that is being done already. */
export function startLinting(): void {
  if (again) return;
  const desk = analysisDesk();
  let asked: Documents | undefined;
  const { answer, again: repeat } = asking(
    () => documents.value,
    texts => {
      asked = texts;
      return desk.ask(work => work.lint(texts));
    },
    PAUSE,
  );
  again = repeat;
  effect(() => {
    const { state, value, fault } = answer.value;
    looking.value = { state, fault };
    if (state !== "done" || value === undefined || value === report.peek()) return;
    report.value = value;
    foundIn.value = asked;
    findings.value = value.findings;
    const before = chosen.peek();
    if (before)
      chosen.value = value.findings.find(
        each => each.code === before.code && each.at.text === before.at.text && each.at.chain === before.at.chain,
      );
  });
}

/** Looks once more, after a failure. */
export const lookAgain = (): void => again?.();
