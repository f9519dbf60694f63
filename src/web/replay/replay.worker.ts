import { expose } from "comlink";
import type { Documents } from "../state/documents.ts";
import { now } from "../work/clock.ts";
import { readFirewall } from "../work/firewall.ts";
import type { PlayEnd, PlayProgress } from "./played.ts";
import { packetStory, type PacketStory } from "./packet-story.ts";
import { sampleCapture } from "./sample.ts";
import type { SessionPage, SessionView } from "./session-view.ts";
import { createPlay, type Play, type PlayListing, type PlayRequest } from "./work.ts";

let current: Play | undefined;

/** What the worker of captures does: one run at a time. */
const work = {
  /** Runs a capture; an earlier run ends. */
  play(texts: Documents, request: PlayRequest, report: (progress: PlayProgress) => void): Promise<PlayEnd> {
    current?.stop();
    current = undefined;
    const play = createPlay(request, readFirewall(texts, now()), report, () => performance.now());
    if ("end" in play) return Promise.resolve(play);
    current = play;
    return play.run();
  },
  /** Ends the run; what it came to so far stands. */
  stop(): void {
    current?.stop();
  },
  /** Lines of the table of sessions of the last run, as far as it is. */
  sessions(view: SessionView, first: number, count: number): SessionPage {
    return current?.sessions.page(view, first, count) ?? { total: 0, all: 0, rows: [] };
  },
  /** Why a packet fared as it did in a run of the same capture; an earlier question is given up. */
  why(texts: Documents, request: PlayRequest, frame: number, report: (read: number) => void): Promise<PacketStory> {
    return packetStory(request, readFirewall(texts, now()), frame, report);
  },
  /** What the last run came to as a text; empty before there was one. */
  listing(what: PlayListing): string {
    return current?.listing(what) ?? "";
  },
  /** A capture made up for the machine that the texts describe. */
  sample(texts: Documents): File {
    const bytes = sampleCapture(readFirewall(texts, now()).host);
    return new File([bytes as Uint8Array<ArrayBuffer>], "sample.pcapng");
  },
};

export type ReplayWork = typeof work;

expose(work);
