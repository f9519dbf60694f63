import { setTimeout as pause } from "node:timers/promises";
import type { KernelReading, ServedEvent } from "../../report/serve/index.ts";
import { readKernel, readRunning, type RunningRules } from "./kernel.ts";

/** The running rules, read again and again while somebody listens. */
export interface KernelWatch {
  /** What was read last, for somebody who comes late. */
  last(): readonly ServedEvent[];
  start(): void;
  stop(): void;
}

/** `tell` hears of new rules, of new counters, and of the first of several failures. `period` is in ms. */
export function watchKernel(tell: (event: ServedEvent) => void, period: number): KernelWatch {
  let reading: KernelReading | undefined;
  let counts: string | undefined;
  let watching: AbortController | undefined;
  /** What is new since the last look; nothing is kept of a look that was still under way at the end. */
  const look = async (ended: AbortSignal): Promise<ServedEvent | undefined> => {
    const running = await readRunning();
    const whole = running.revision === reading?.revision ? undefined : await readKernel();
    const said = countsText(whole ?? running);
    if (ended.aborted || (!whole && said === counts)) return undefined;
    counts = said;
    const { at, revision, rules } = running;
    reading = whole ?? (reading && { ...reading, at, rules });
    return whole
      ? { event: "kernel", kernel: whole }
      : { event: "counts", counts: { at, revision, counts: rules.map(each => each.counts) } };
  };
  const watch = async (ended: AbortSignal): Promise<void> => {
    let failed = false;
    while (!ended.aborted) {
      try {
        const event = await look(ended);
        if (event) tell(event);
        failed = false;
      } catch (fault) {
        if (!failed && !ended.aborted) tell({ event: "fault", message: (fault as Error).message });
        failed = true;
      }
      await pause(period, undefined, { signal: ended, ref: false }).catch(() => undefined);
    }
  };
  return {
    last: () => (reading ? [{ event: "kernel", kernel: reading }] : []),
    start() {
      if (watching) return;
      watching = new AbortController();
      void watch(watching.signal);
    },
    stop() {
      watching?.abort();
      watching = undefined;
    },
  };
}

const countsText = ({ rules }: Pick<RunningRules, "rules">): string => JSON.stringify(rules.map(({ counts }) => counts));
