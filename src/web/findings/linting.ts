import { effect } from "@preact/signals";
import { documents } from "../state/documents.ts";
import { chosen, looked, looking } from "../state/findings.ts";
import { asking } from "../work/answer.ts";
import { analysisDesk } from "../work/workers.ts";

const PAUSE = 700;

let again: (() => void) | undefined;

/** Looks for findings, now and whenever the texts change; does nothing when that is being done already. */
export function startLinting(): void {
  if (again) return;
  const desk = analysisDesk();
  const { answer, again: repeat } = asking(
    () => documents.value,
    async texts => ({ texts, report: await desk.ask(work => work.lint(texts)) }),
    PAUSE,
  );
  again = repeat;
  effect(() => {
    const { state, value, fault } = answer.value;
    looking.value = { state, fault };
    if (state === "idle") looked.value = chosen.value = undefined;
    if (state !== "done" || value === undefined || value === looked.peek()) return;
    looked.value = value;
    const before = chosen.peek();
    if (before)
      chosen.value = value.report.findings.find(
        each => each.code === before.code && each.at.text === before.at.text && each.at.chain === before.at.chain,
      );
  });
}

/** Looks once more, after a failure. */
export const lookAgain = (): void => again?.();
