/** Steps back of at most so many nanoseconds are frames out of order; larger ones are a clock that was set back. */
const OUT_OF_ORDER = 1_000_000_000n;
/** µs: what a double holds exactly, with room for deadlines (the year 2223). */
const LATEST = 8e15;

/** A capture's clock, made monotonic. */
export interface ReplayClock {
  /** The firewall's time in µs for a frame's time in nanoseconds; it never runs backwards. */
  at(time: bigint): number;
  /** How often the capture's clock was set back by more than a second. */
  readonly stepsBack: number;
}

/**
 * Frames out of order wait at the latest time seen; after a clock that was set back, time goes on from where it was, so that limits
 * neither stand still nor refill by the jump.
 */
export function replayClock(): ReplayClock {
  let latest: bigint | undefined;
  let offset = 0n;
  let stepsBack = 0;
  return {
    at(time) {
      let moment = time + offset;
      if (latest === undefined) latest = moment;
      else if (moment < latest) {
        if (latest - moment > OUT_OF_ORDER) {
          stepsBack++;
          offset += latest - moment;
        }
        moment = latest;
      } else latest = moment;
      return Math.min(LATEST, Math.max(0, Number(moment / 1000n)));
    },
    get stepsBack() {
      return stepsBack;
    },
  };
}
