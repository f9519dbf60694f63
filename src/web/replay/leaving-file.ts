import { batch, signal, type Signal } from "@preact/signals";
import { proxy } from "comlink";
import { save } from "../work/save-file.ts";
import { openDesk, type ReplayDesk } from "./replay-desk.ts";
import { asked, capture } from "./running.ts";
import { reasonOf } from "../work/reason.ts";

/** How the making of the file of what leaves stands. */
export type Making =
  | { readonly state: "making"; readonly read: number; readonly size: number }
  | { readonly state: "made"; readonly frames: number; readonly bytes: number; readonly lost: number }
  | { readonly state: "failed"; readonly fault: string };

/** Undefined before anybody asked. */
export const making: Signal<Making | undefined> = signal(undefined);

let desk: ReplayDesk | undefined;

/** Runs the capture once more, with the same rules and the same luck, and saves what leaves the firewall. */
export async function saveLeaving(): Promise<void> {
  const [file, what] = [capture.peek(), asked.peek()];
  if (file === undefined || what === undefined) return;
  stopLeaving();
  const mine = openDesk(fault => fail(fault));
  desk = mine;
  making.value = { state: "making", read: 0, size: file.size };
  try {
    const end = await mine.work.play(
      what.texts,
      { file, entry: what.entry, leaving: true, seed: what.seed },
      proxy(({ read, size }) => {
        if (desk === mine) making.value = { state: "making", read, size };
      }),
    );
    if (desk !== mine) return;
    if (end.end === "refused" || end.leaving === undefined) return fail(end.end === "refused" ? end.message : "nothing was written");
    const { file: made, frames, lost } = end.leaving;
    save(made, `${stem(file.name)}-through.pcapng`);
    making.value = { state: "made", frames, bytes: made.size, lost };
  } catch (fault) {
    if (desk === mine) fail(reasonOf(fault));
  } finally {
    if (desk === mine) desk = undefined;
    mine.end();
  }
}

/** Gives it up. */
export function stopLeaving(): void {
  batch(() => {
    desk?.end();
    desk = undefined;
    making.value = undefined;
  });
}

function fail(fault: string): void {
  making.value = { state: "failed", fault };
}

/** `office.pcap.gz` → `office` */
function stem(name: string): string {
  const lower = name.toLowerCase();
  const ending = [".pcap.gz", ".pcapng.gz", ".cap.gz", ".pcapng", ".pcap", ".cap"].find(each => lower.endsWith(each));
  return ending === undefined ? name : name.slice(0, name.length - ending.length);
}
