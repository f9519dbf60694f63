import type { Host } from "../host/index.ts";
import type { Family } from "../predicate/index.ts";
import type { CaptureItem } from "../packet/index.ts";
import { createReplay } from "../report/index.ts";
import type { Ruleset } from "../ruleset/index.ts";
import { openCapture } from "./capture-input.ts";
import { usageFault } from "./fault.ts";
import type { LoadedRules } from "./input.ts";
import { afterScript } from "./script/made.ts";

/** Rules with the counters that a capture left in them. */
export interface PlayedCounts {
  counted(family: Family): Ruleset | undefined;
  /** The same capture through other rules, on the same machine. */
  play(rules: LoadedRules): Promise<PlayedCounts>;
}

/** Plays a capture through rules. The machine is assumed from the capture where it is not given. */
export async function playedCounts(
  path: string,
  rules: LoadedRules,
  host: Host | undefined,
  input: string | undefined,
): Promise<PlayedCounts> {
  const play = async ({ v4, v6, sets, made }: LoadedRules): Promise<PlayedCounts> => {
    const capture = await openCapture(path);
    const replay = createReplay({
      v4,
      v6,
      sets: sets?.copy(),
      host,
      complete: assumed => afterScript(assumed, made),
      hints: { in: input },
      random: steady(),
    });
    let packets = 0;
    for await (const batch of capture.batches) for (const item of batch) packets += taken(replay, item);
    replay.end();
    const { firewall } = replay;
    if (packets === 0 || firewall === undefined) throw usageFault(path, "has no packet to go by");
    return { counted: family => firewall.rulesetWithCounters(family), play };
  };
  if (path === "-") throw usageFault(path, "a capture that is played twice cannot come from standard input");
  return play(rules);
}

function taken(replay: ReturnType<typeof createReplay>, item: CaptureItem): number {
  replay.take(item);
  return item.kind === "packet" ? 1 : 0;
}

/** The same numbers for both rulesets, so that NAT chooses alike (a linear congruence). */
function steady(): () => number {
  let state = 1;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0);
}
