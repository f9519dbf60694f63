import { batch, computed, effect, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { proxy } from "comlink";
import { documents, type Documents } from "../state/documents.ts";
import { droppedCapture } from "../state/dropped.ts";
import { hits } from "../state/hits.ts";
import { random } from "../work/clock.ts";
import type { EntryWords, Played } from "./played.ts";
import { openDesk, type ReplayDesk } from "./replay-desk.ts";
import { during } from "./session-choice.ts";
import type { SessionPage, SessionView } from "./session-view.ts";
import type { PlayListing } from "./work.ts";
import { reasonOf } from "../work/reason.ts";

/** How the run of the capture stands. `played` is what it came to so far, or what the run before it came to. */
export interface Run {
  readonly state: "running" | "done" | "stopped" | "refused";
  /** Bytes of the file. */
  readonly read: number;
  readonly size: number;
  readonly played: Played | undefined;
  /** Why the capture or the options cannot be used; empty otherwise. */
  readonly fault: string;
}

/** What a run is of. */
export interface Asked {
  readonly texts: Documents;
  readonly entry: EntryWords;
  readonly seed: number;
}

/** The capture that is open. */
export const capture: Signal<File | undefined> = signal(undefined);
/** Its run. */
export const run: Signal<Run | undefined> = signal(undefined);
/** What the run is of. */
export const asked: Signal<Asked | undefined> = signal(undefined);
/** Where packets come in, as the form says it. */
export const entry: Signal<EntryWords> = signal({ device: "", networks: "" });
/** Counts what may have changed the table of sessions. */
export const sessionsTurn: Signal<number> = signal(0);

/** Have the rules or the options changed since the run began? */
export const isStale: ReadonlySignal<boolean> = computed(
  () => asked.value !== undefined && (asked.value.texts !== documents.value || asked.value.entry !== entry.value),
);

/** Captures up to so many bytes run again by themselves when the rules change, so many ms after the last change. */
const AGAIN_MAX = 8_000_000;
const AGAIN_AFTER = 500;

let desk: ReplayDesk | undefined;
let turn = 0;

function work(): ReplayDesk["work"] {
  desk ??= openDesk(fault => {
    endDesk();
    refuse(turn, fault);
  });
  return desk.work;
}

function endDesk(): void {
  desk?.end();
  desk = undefined;
}

/** Opens a capture and runs it. */
export function openCapture(file: File): void {
  forgetHits();
  batch(() => {
    capture.value = file;
    run.value = undefined;
    during.value = undefined;
  });
  play();
}

/** Opens the capture that is made up for the machine of the page. */
export async function openSample(): Promise<void> {
  const before = turn;
  const file = await work().sample(documents.peek());
  // Another capture may have been opened meanwhile.
  if (turn === before) openCapture(file);
}

/** Runs the open capture through the rules as they are now. */
export function play(): void {
  const file = capture.peek();
  if (file === undefined) return;
  const mine = ++turn;
  reports = 0;
  const asking: Asked = { texts: documents.peek(), entry: entry.peek(), seed: random() };
  batch(() => {
    asked.value = asking;
    run.value = { state: "running", read: 0, size: file.size, played: run.peek()?.played, fault: "" };
  });
  work()
    .play(
      asking.texts,
      { file, entry: asking.entry, leaving: false, seed: asking.seed },
      proxy(({ read, size, played }) => show(mine, { state: "running", read, size, played, fault: "" }, file.name)),
    )
    .then(
      end => {
        if (end.end === "refused") refuse(mine, end.message);
        else show(mine, { state: end.end, read: end.read, size: file.size, played: end.played, fault: "" }, file.name);
      },
      (fault: unknown) => refuse(mine, reasonOf(fault)),
    );
}

/** While a run goes on, the gutter, the map and the table of sessions follow every so many reports: they cost more than the summary. */
const FOLLOW_EVERY = 4;
let reports = 0;

function show(mine: number, state: Run, name: string): void {
  if (mine !== turn) return;
  batch(() => {
    run.value = state;
    if (state.state === "running" && reports++ % FOLLOW_EVERY !== 0) return;
    sessionsTurn.value++;
    if (state.played) hits.value = { of: name, ...state.played.hits };
  });
}

function refuse(mine: number, fault: string): void {
  if (mine !== turn) return;
  batch(() => {
    run.value = { state: "refused", read: 0, size: 0, played: undefined, fault };
    forgetHits();
  });
}

/** Ends the run; what it came to so far stays. */
export function stop(): void {
  void desk?.work.stop();
}

/** Closes the capture, and ends its worker. */
export function closeCapture(): void {
  turn++;
  endDesk();
  batch(() => {
    forgetHits();
    capture.value = undefined;
    run.value = undefined;
    asked.value = undefined;
  });
}

/** Takes the capture's hits off the gutter and the map, where they are still its own. */
function forgetHits(): void {
  if (hits.peek()?.of === capture.peek()?.name) hits.value = undefined;
}

/** Lines of the table of sessions. */
export function sessionPage(view: SessionView, first: number, count: number): Promise<SessionPage> {
  return work().sessions(view, first, count);
}

/** What the run came to as a text. */
export function playListing(what: PlayListing): Promise<string> {
  return work().listing(what);
}

effect(() => {
  const file = capture.value;
  if (!isStale.value || file === undefined) return undefined;
  if (file.size > AGAIN_MAX) {
    forgetHits();
    return undefined;
  }
  const [texts, words] = [documents.value, entry.value];
  const timer = setTimeout(() => {
    if (texts === documents.peek() && words === entry.peek()) play();
  }, AGAIN_AFTER);
  return () => clearTimeout(timer);
});

effect(() => {
  const file = droppedCapture.value;
  if (file === undefined) return;
  droppedCapture.value = undefined;
  openCapture(file);
});
