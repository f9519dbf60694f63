import { batch, effect } from "@preact/signals";
import { documents, type Documents } from "../state/documents.ts";
import { hits, THE_TRACE, type Hits } from "../state/hits.ts";
import { isTracing, question, questionFaults, step, traced, type QuestionFault, type Traced, type TraceStep } from "../state/traced.ts";
import { asking } from "../work/answer.ts";
import { rulesWork } from "../work/workers.ts";

type Answer = { readonly texts: Documents } & (
  | { readonly asked: string; readonly traced: Traced; readonly hits: Hits }
  | { readonly faults: readonly QuestionFault[] }
);

/** Answers the question, now and whenever it or the texts change; what rules saw of it goes to the gutter and the map unless a capture's hits are shown there. */
export function startTracing(): void {
  const { answer } = asking(
    () => (question.value.trim() === "" ? undefined : { texts: documents.value, text: question.value }),
    ({ texts, text }) => ask(texts, text),
    150,
  );
  let asked = "";
  let answered: Documents | undefined;
  effect(() => {
    const { state, value, fault } = answer.value;
    batch(() => {
      isTracing.value = state === "asking";
      if (state === "idle") show(undefined);
      else if (state === "failed") questionFaults.value = [{ message: fault, start: 0, end: 0, guess: undefined }];
      if (state !== "done" || value === undefined) return;
      if ("faults" in value) {
        // The last good answer stays in sight, unless it speaks of other rules.
        if (answered !== undefined && answered !== value.texts) show(undefined);
        questionFaults.value = value.faults;
        return;
      }
      show(value);
      if (value.asked !== asked || step.peek() >= value.traced.steps.length) step.value = firstStep(value.traced);
      asked = value.asked;
      answered = value.texts;
    });
  });
}

function show(answer: { readonly traced: Traced; readonly hits: Hits } | undefined): void {
  traced.value = answer?.traced;
  questionFaults.value = [];
  // The gutter of a long text is work of its own: it comes after what was asked for is drawn.
  clearTimeout(later);
  later = setTimeout(() => {
    const shown = hits.peek();
    if (shown === undefined || shown.of === THE_TRACE) hits.value = answer?.hits;
  }, 30);
}

let later: ReturnType<typeof setTimeout> | undefined;

/** A session that dies is looked at where it dies; anything else from the start. */
function firstStep({ questions, packets }: Traced): number {
  const died = questions.find(({ session, good }) => session && !good);
  return (died && packets[died.end - 1]?.first) ?? 0;
}

async function ask(texts: Documents, text: string): Promise<Answer> {
  const work = rulesWork();
  const answer = await work.trace(texts, text);
  if ("faults" in answer) return { ...answer, texts };
  const { id, count } = answer;
  const steps: TraceStep[] = [...answer.traced.steps];
  while (steps.length < count) {
    const more = await work.moreSteps(id, steps.length);
    if (more.length === 0) break;
    for (const each of more) steps.push(each);
  }
  return { texts, asked: text, traced: { ...answer.traced, steps }, hits: answer.hits };
}
