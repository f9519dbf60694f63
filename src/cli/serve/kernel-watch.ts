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
  let timer: NodeJS.Timeout | undefined;
  let on = false;
  let failed = false;
  const look = async (): Promise<void> => {
    try {
      const running = await readRunning();
      if (running.revision !== reading?.revision) {
        reading = await readKernel();
        counts = countsText(reading);
        if (on) tell({ event: "kernel", kernel: reading });
      } else if (countsText(running) !== counts) {
        counts = countsText(running);
        reading = { ...reading, ...running };
        if (on) tell({ event: "counts", counts: { ...running, counts: running.rules.map(each => each.counts) } });
      }
      failed = false;
    } catch (fault) {
      if (!failed && on) tell({ event: "fault", message: (fault as Error).message });
      failed = true;
    }
    if (on) timer = setTimeout(() => void look(), period);
  };
  return {
    last: () => (reading ? [{ event: "kernel", kernel: reading }] : []),
    start() {
      if (on) return;
      on = true;
      void look();
    },
    stop() {
      on = false;
      clearTimeout(timer);
    },
  };
}

const countsText = ({ rules }: Pick<RunningRules, "rules">): string => JSON.stringify(rules.map(({ counts }) => counts));
