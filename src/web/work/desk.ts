import { releaseProxy, wrap, type Remote } from "comlink";

/** A question was given up because another took its place. */
export class Superseded extends Error {
  constructor() {
    super("another question took its place");
    this.name = "Superseded";
  }
}

/** Somebody gave a question up. */
export class Stopped extends Error {
  constructor() {
    super("stopped");
    this.name = "Stopped";
  }
}

/** A worker that answers one question at a time: a new one ends the one before, whatever it is at. */
export interface Desk<Work> {
  /** Rejects with `Superseded` when another question comes first, and with `Stopped` when `stop` is called first. */
  ask<Answer>(question: (work: Remote<Work>) => Promise<Answer>): Promise<Answer>;
  /** Gives up the question that is asked, if one is. */
  stop(): void;
}

/** A desk whose worker is started when it is first asked. */
export function createDesk<Work>(start: () => Worker): Desk<Work> {
  let worker: Worker | undefined;
  let work: Remote<Work> | undefined;
  let giveUp: ((fault: Error) => void) | undefined;
  const end = (why: Error): void => {
    giveUp?.(why);
    giveUp = undefined;
    work?.[releaseProxy]();
    worker?.terminate();
    worker = undefined;
    work = undefined;
  };
  return {
    ask: async question => {
      if (giveUp) end(new Superseded());
      if (!worker) {
        worker = start();
        work = wrap<Work>(worker);
      }
      const mine = worker;
      return await new Promise((resolve, reject) => {
        const broken = (event: ErrorEvent): void => reject(new Error(event.message || "the worker could not be loaded"));
        mine.addEventListener("error", broken, { once: true });
        giveUp = reject;
        question(work as Remote<Work>)
          .then(resolve, reject)
          .finally(() => {
            mine.removeEventListener("error", broken);
            if (worker === mine) giveUp = undefined;
          });
      });
    },
    stop: () => {
      if (giveUp) end(new Stopped());
    },
  };
}
