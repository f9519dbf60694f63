import type { Sight } from "../../helper.ts";

/** Classes of expectations (enum sip_expectation_classes). */
export const CLASS = { SIGNALLING: 0, AUDIO: 1, VIDEO: 2, IMAGE: 3 } as const;

/** Forgets the media that were expected, or the newest signalling connection (nf_conntrack_sip.c, flush_expectations). */
export function flushExpectations({ tracker, connection }: Sight, media: boolean): void {
  for (const expectation of tracker.expectations.of(connection).toReversed()) {
    if ((expectation.class !== CLASS.SIGNALLING) !== media) continue;
    if (tracker.expectations.remove(expectation) && !media) break;
  }
}
