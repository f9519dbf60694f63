import { signal, type Signal } from "@preact/signals";
import { proxy } from "comlink";
import type { PacketStory } from "./packet-story.ts";
import { openDesk, type ReplayDesk } from "./replay-desk.ts";
import { asked, capture } from "./running.ts";
import { reasonOf } from "../work/reason.ts";

/** A packet of the capture that somebody asks about. */
export interface Suspect {
  /** In the packet notation. */
  readonly packet: string;
  /** Its number in the capture, from 1. */
  readonly frame: number;
}

/** How far the answer is. */
export interface Inquiry extends Suspect {
  /** Bytes of the file. */
  readonly read: number;
  readonly size: number;
  readonly story: PacketStory | undefined;
}

/** What is asked; undefined when nothing is. */
export const inquiry: Signal<Inquiry | undefined> = signal(undefined);

let desk: ReplayDesk | undefined;

/** Asks how a packet met the rules: the capture is played up to it, in a worker of its own. */
export async function askWhy({ packet, frame }: Suspect): Promise<void> {
  stopAsking();
  const [file, what] = [capture.peek(), asked.peek()];
  if (file === undefined || what === undefined) return;
  const tell = (read: number, story: PacketStory | undefined): void => {
    if (desk === mine) inquiry.value = { packet, frame, read, size: file.size, story };
  };
  const mine = openDesk(fault => tell(0, { fault }));
  desk = mine;
  tell(0, undefined);
  try {
    const request = { file, entry: what.entry, leaving: false, seed: what.seed };
    const story = await mine.work.why(
      what.texts,
      request,
      frame,
      proxy(read => tell(read, undefined)),
    );
    tell(file.size, story);
  } catch (fault) {
    tell(0, { fault: reasonOf(fault) });
  } finally {
    mine.end();
  }
}

/** Asks no more. */
export function stopAsking(): void {
  desk?.end();
  desk = undefined;
  inquiry.value = undefined;
}
