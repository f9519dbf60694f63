import { effect, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { documents, edit } from "../state/documents.ts";
import { asking } from "../work/answer.ts";
import { rulesWork } from "../work/workers.ts";
import type { HostChange, HostPage } from "./page.ts";

const known: Signal<HostPage | undefined> = signal(undefined);

/** The machine that the panel shows; undefined before it was first read. */
export const machine: ReadonlySignal<HostPage | undefined> = known;

/** Why the machine could not be shown; empty when nothing went wrong. */
export const machineFault: Signal<string> = signal("");

/** What was wrong with the last change; empty when nothing was. */
export const changeFault: Signal<string> = signal("");

/** Keeps `machine` up to date until the returned function is called. */
export function watchMachine(): () => void {
  const { answer, stop } = asking(
    () => documents.value,
    texts => rulesWork().hostPage(texts),
    200,
  );
  const end = effect(() => {
    const { state, value, fault } = answer.value;
    if (state === "done") known.value = value;
    machineFault.value = state === "failed" ? fault : "";
  });
  return () => {
    end();
    stop();
  };
}

/** Changes wait for each other: each is made on what the one before left. */
let queue: Promise<unknown> = Promise.resolve();

/** Makes a change to the machine; false, with `changeFault` saying why, when it makes none. */
export function change(wanted: HostChange): Promise<boolean> {
  const made = queue.then(async () => {
    const answer = await rulesWork()
      .changeHost(documents.value, wanted)
      .catch((fault: unknown) => ({ fault: `the change could not be made: ${fault instanceof Error ? fault.message : String(fault)}` }));
    changeFault.value = "fault" in answer ? answer.fault : "";
    if ("fault" in answer) return false;
    edit("host", answer.text);
    return true;
  });
  queue = made.catch(() => undefined);
  return made;
}
