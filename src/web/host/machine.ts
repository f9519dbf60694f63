import { signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { documents, edit } from "../state/documents.ts";
import { queue } from "../work/in-turn.ts";
import { lasting } from "../work/lasting.ts";
import { reasonOf } from "../work/reason.ts";
import { rulesWork } from "../work/workers.ts";
import type { HostChange, HostPage, Imported } from "./page.ts";

const read = lasting(
  () => documents.value,
  texts => rulesWork().hostPage(texts),
  200,
);

/** The machine that the panel shows; undefined before it was first read. */
export const machine: ReadonlySignal<HostPage | undefined> = read.value;

/** Why the machine could not be shown; empty when nothing went wrong. */
export const machineFault: ReadonlySignal<string> = read.fault;

/** Keeps `machine` up to date until the returned function is called. */
export const watchMachine: () => () => void = read.watch;

/** What was wrong with the last change; empty when nothing was. */
export const changeFault: Signal<string> = signal("");

/** Changes wait for each other: each is made on what the one before left. */
const inTurn = queue();

/** Makes a change to the machine; false, with `changeFault` saying why, when it makes none. */
export function change(wanted: HostChange): Promise<boolean> {
  return inTurn(async () => {
    const answer = await rulesWork()
      .changeHost(documents.value, wanted)
      .catch((fault: unknown) => ({ fault: `the change could not be made: ${reasonOf(fault)}` }));
    changeFault.value = "fault" in answer ? answer.fault : "";
    if ("fault" in answer) return false;
    edit("host", answer.text);
    return true;
  });
}

/** Takes in what a command on the machine printed, or says what is wrong with it. */
export function takeIn(given: string): Promise<Imported> {
  return inTurn(async () => {
    const answer = await rulesWork()
      .importHost(documents.value, given)
      .catch((fault: unknown) => ({ fault: reasonOf(fault), line: 1, column: 1 }));
    if ("fault" in answer) return answer;
    if (answer.host !== undefined) edit("host", answer.host);
    if (answer.sets !== undefined) edit("sets", answer.sets);
    return answer;
  });
}
