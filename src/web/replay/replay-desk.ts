import { releaseProxy, wrap, type Remote } from "comlink";
import type { ReplayWork } from "./replay.worker.ts";

/** A worker that runs captures. */
export interface ReplayDesk {
  readonly work: Remote<ReplayWork>;
  /** Ends the worker, whatever it is at; ending it again does nothing. */
  end(): void;
}

/** Starts a worker; `broken` hears when it cannot be loaded or fails. */
export function openDesk(broken: (fault: string) => void): ReplayDesk {
  const worker = new Worker(new URL("./replay.worker.ts", import.meta.url), { type: "module", name: "replay" });
  worker.addEventListener("error", event => broken(event.message || "the program that runs captures could not be loaded"));
  const work = wrap<ReplayWork>(worker);
  let ended = false;
  return {
    work,
    end: () => {
      if (ended) return;
      ended = true;
      work[releaseProxy]();
      worker.terminate();
    },
  };
}
