import { CaptureDecoder, type CaptureItem } from "../../packet/index.ts";
import { connectionLines, countersText, createReplay, jsonText, replayJson, unresolvedNames, type Replay } from "../../report/index.ts";
import type { ReadFirewall } from "../work/firewall.ts";
import { captureBytes } from "./capture-bytes.ts";
import { dice } from "./dice.ts";
import { entryHints } from "./entry-hints.ts";
import { createLeaving } from "./leaving.ts";
import { playedOf } from "./played-of.ts";
import type { EntryWords, Played, PlayEnd, PlayProgress } from "./played.ts";
import { createSessionTable, type SessionTable } from "./session-view.ts";

/** Sessions that the table lists, those without losses included. */
const LISTED = 50_000;
/** ms between two reports of how far a run is. */
const REPORT_EVERY = 250;

/** What is run. */
export interface PlayRequest {
  readonly file: Blob;
  readonly entry: EntryWords;
  /** Make the file of what leaves. */
  readonly leaving: boolean;
  /** The same seed gives the same luck where rules or the kernel draw lots. */
  readonly seed: number;
}

/** A run that goes on. */
export interface Play {
  /** Runs the capture to its end; never rejects for what a capture holds. */
  run(): Promise<PlayEnd>;
  /** Ends the run after the slice that it is at. */
  stop(): void;
  readonly sessions: SessionTable;
  /** What it came to so far as a text, as the command prints it. */
  listing(what: PlayListing): string;
}

/** The whole summary as JSON (docs/json.md), the rules with their counters as iptables-save -c prints them, or the connections that are tracked. */
export type PlayListing = "summary" | "counters" | "connections";

/** A capture's run through a firewall, slice by slice, in bounded memory. `clock` in ms, for pacing reports alone. */
export function createPlay(
  { file, entry, leaving: wanted, seed }: PlayRequest,
  firewall: ReadFirewall,
  report: (progress: PlayProgress) => void,
  clock: () => number,
): Play | { readonly end: "refused"; readonly message: string } {
  const read = entryHints(entry);
  if ("fault" in read) return { end: "refused", message: `Networks, ${read.fault}` };
  const names = firewall.host?.interfaces.map(({ name }) => name);
  const unknown =
    names && [read.hints.in, ...(read.hints.from ?? []).map(({ device }) => device)].find(each => each && !names.includes(each));
  if (unknown !== undefined) return { end: "refused", message: `The host has no interface ${unknown}: it has ${names?.join(", ")}.` };
  const { v4, v6, sets, host } = firewall;
  const replay = createReplay({ v4, v6, sets, host, hints: read.hints, frames: wanted, listed: LISTED, random: dice(seed) });
  const leaving = wanted ? createLeaving() : undefined;
  const sessions = createSessionTable(replay.sessions);
  const notes = rulesNotes(firewall);
  const look = (): Played => {
    sessions.changed();
    const played = playedOf(replay, { 4: v4, 6: v6 }, host !== undefined);
    return { ...played, notes: [...notes, ...played.notes] };
  };
  let stopped = false;
  const run = async (): Promise<PlayEnd> => {
    const decoder = new CaptureDecoder();
    let bytesRead = 0;
    let told = clock();
    let refused: string | undefined;
    let packets = 0;
    let over = false;
    const take = (item: CaptureItem): void => {
      if (item.kind === "packet") packets++;
      else if (item.fatal) {
        over = true;
        if (packets === 0) refused = `byte ${item.offset}: ${item.message}`;
      }
      const frames = replay.take(item);
      leaving?.write(frames);
    };
    for await (const piece of captureBytes(file, bytes => (bytesRead = bytes))) {
      if (stopped) break;
      if (piece.kind === "fault") take(piece);
      else {
        decoder.push(piece.bytes);
        drain(decoder, take);
      }
      if (over) break;
      const now = clock();
      if (now - told < REPORT_EVERY) continue;
      told = now;
      report({ read: bytesRead, size: file.size, played: look() });
      // Lets the page's own messages in: a stop, a look at the sessions.
      await new Promise(resolve => setTimeout(resolve, 0));
    }
    if (!stopped) {
      decoder.end();
      drain(decoder, take);
    }
    if (refused !== undefined) return { end: "refused", message: refused };
    const rest = replay.end();
    leaving?.write(rest);
    return { end: stopped ? "stopped" : "done", read: bytesRead, played: look(), leaving: leaving && fileOf(leaving, replay) };
  };
  return {
    run,
    stop: () => {
      stopped = true;
    },
    sessions,
    listing: what => listingOf(replay, what),
  };
}

function listingOf(replay: Replay, what: PlayListing): string {
  switch (what) {
    case "summary":
      return `${jsonText(replayJson(replay.summary()))}\n`;
    case "counters": {
      const { v4, v6 } = countersText(replay);
      return [v4, v6].filter(text => text !== null).join("");
    }
    case "connections":
      return connectionLines(replay)
        .map(line => `${line}\n`)
        .join("");
  }
}

function drain(decoder: CaptureDecoder, take: (item: CaptureItem) => void): void {
  for (let item = decoder.next(); item !== undefined; item = decoder.next()) take(item);
}

function fileOf(leaving: ReturnType<typeof createLeaving>, replay: Replay): { file: Blob; frames: number; lost: number } {
  return { file: leaving.finish(), frames: leaving.frames, lost: replay.summary().unwritten };
}

/** What is to be known of the rules before their counts are believed. */
function rulesNotes({ v4, v6, sets, skipped }: ReadFirewall): readonly string[] {
  const left = skipped.rules4.length + skipped.rules6.length;
  const faulty = left === 0 ? [] : [`${left} faulty line${left === 1 ? " of the rules was" : "s of the rules were"} left out.`];
  return [...faulty, ...unresolvedNames([v4, v6], sets, REMEDIES)];
}

const REMEDIES = { names: "", sets: " (say its contents in the editor, under Sets)" };
