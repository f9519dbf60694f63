import { CaptureDecoder } from "../../packet/index.ts";
import { createReplay, traceLines, verdictLines, type Line } from "../../report/index.ts";
import type { ReadFirewall } from "../work/firewall.ts";
import { captureBytes } from "./capture-bytes.ts";
import { dice } from "./dice.ts";
import { entryHints } from "./entry-hints.ts";
import type { PlayRequest } from "./work.ts";

/** How a packet of a capture met the rules, with everything before it played: as lines for people, or why that cannot be told. */
export type PacketStory = { readonly lines: readonly Line[] } | { readonly fault: string };

/** Columns of a line. */
const WIDTH = 96;

/**
 * Plays a capture up to a packet (its number from 1) and traces that one, with what connection tracking, limits and sets remember by then; `onRead`
 * hears of bytes of the file. The same luck as in the run that is asked about comes from the request's seed.
 */
export async function packetStory(
  { file, entry, seed }: PlayRequest,
  { v4, v6, sets, host }: ReadFirewall,
  frame: number,
  onRead: (bytes: number) => void,
): Promise<PacketStory> {
  const read = entryHints(entry);
  if ("fault" in read) return { fault: read.fault };
  const replay = createReplay({ v4, v6, sets, host, hints: read.hints, traceAt: frame, random: dice(seed) });
  const decoder = new CaptureDecoder();
  const drain = (): void => {
    for (let item = decoder.next(); item !== undefined && replay.traced === undefined; item = decoder.next()) replay.take(item);
  };
  for await (const piece of captureBytes(file, onRead)) {
    if (piece.kind === "fault") replay.take(piece);
    else {
      decoder.push(piece.bytes);
      drain();
    }
    if (replay.traced !== undefined) break;
  }
  decoder.end();
  drain();
  replay.end();
  const { traced } = replay;
  if (traced === undefined) return { fault: "this packet did not meet the rules in this run" };
  return { lines: [...traceLines(traced.events, { all: false, width: WIDTH }), [], ...verdictLines(traced)] };
}
