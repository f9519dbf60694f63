import type { JSX } from "preact";
import { count, counted, printable, size as bytesText } from "../../report/index.ts";
import { making, saveLeaving, stopLeaving } from "./leaving-file.ts";
import { OpenButton } from "./open-button.tsx";
import { capture, closeCapture, isStale, play, run, stop } from "./running.ts";

/** The capture's name, how far its run is, and what can be done with it. */
export function RunBar(): JSX.Element {
  const file = capture.value;
  const { state, read, size, played } = run.value ?? { state: "none", read: 0, size: 0, played: undefined };
  const running = state === "running";
  return (
    <section class="stack" aria-label="Capture">
      <div class="row">
        <h2 class="replay-name from-rules">{printable(file?.name ?? "")}</h2>
        <span class="soft small">{bytesText(file?.size ?? 0)}</span>
        <span class="spacer" />
        {running ? (
          <button type="button" class="button" onClick={stop}>
            Stop
          </button>
        ) : (
          <button type="button" class={isStale.value ? "button primary" : "button"} onClick={play}>
            Play again
          </button>
        )}
        <button
          type="button"
          class="button"
          disabled={running || played === undefined || making.value?.state === "making"}
          title="Runs the capture once more and saves the packets as they leave the firewall, answers included (pcapng)"
          onClick={() => void saveLeaving()}
        >
          Save what leaves…
        </button>
        <OpenButton />
        <button type="button" class="button" onClick={closeCapture}>
          Close
        </button>
      </div>
      {running && <Bar read={read} size={size} packets={played?.packets ?? 0} label="Playing" />}
      {state === "stopped" && (
        <p class="notice warn">
          Stopped after {bytesText(read)} of {bytesText(size)}: what follows is about the packets until then.
        </p>
      )}
      {isStale.value && !running && (
        <p class="notice">
          The rules or options have changed since: what follows is about how they were. Play it again to see what they make of it now.
        </p>
      )}
      <MakingNote />
    </section>
  );
}

function Bar({ read, size, packets, label }: { read: number; size: number; packets: number; label: string }): JSX.Element {
  const percent = size === 0 ? 0 : Math.floor((read / size) * 100);
  return (
    <div class="replay-progress">
      <progress max={100} value={percent} aria-label={label} />
      <span class="small soft">
        {label}: {bytesText(read)} of {bytesText(size)} ({percent} %){packets > 0 ? `, ${counted(packets, "packet")}` : ""}
      </span>
    </div>
  );
}

function MakingNote(): JSX.Element | null {
  const now = making.value;
  if (now === undefined) return null;
  if (now.state === "making")
    return (
      <div class="row">
        <Bar read={now.read} size={now.size} packets={0} label="Writing what leaves" />
        <button type="button" class="button" onClick={stopLeaving}>
          Give up
        </button>
      </div>
    );
  if (now.state === "failed")
    return (
      <p class="notice fault" role="alert">
        The file could not be made: {printable(now.fault)}
      </p>
    );
  return (
    <p class="small soft" role="status">
      {count(now.frames)} frames that leave the firewall, {bytesText(now.bytes)}, were handed to the browser’s downloads.
      {now.lost > 0 && ` ${count(now.lost)} answers are not in it: the capture’s link type has no header for them.`}
    </p>
  );
}
