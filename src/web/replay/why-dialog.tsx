import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { ReportLines } from "../controls/report-lines.tsx";
import { count, printable } from "../../report/index.ts";
import { traceThis } from "../state/actions.ts";
import { inquiry, stopAsking, type Inquiry } from "./asking-why.ts";

/** How a packet of the capture met the rules. */
export function WhyDialog(): JSX.Element | null {
  const asked = inquiry.value;
  return asked === undefined ? null : <Shown key={asked.frame} asked={asked} />;
}

function Shown({ asked }: { readonly asked: Inquiry }): JSX.Element {
  const element = useRef<HTMLDialogElement>(null);
  // Before anything is drawn: keys that are pressed at once are meant for it.
  useLayoutEffect(() => {
    element.current?.showModal();
    return stopAsking;
  }, []);
  const { packet, frame, read, size, story } = asked;
  return (
    <dialog ref={element} class="dialog replay-why" aria-labelledby="replay-why" onClose={stopAsking}>
      <div class="stack">
        <h2 id="replay-why">Packet {count(frame)} of the capture</h2>
        <p class="rule-text">{printable(packet)}</p>
        {story === undefined ? (
          <div class="replay-progress" role="status">
            <progress max={100} value={size === 0 ? 0 : (read / size) * 100} aria-label="Playing the capture up to this packet" />
            <span class="small soft">The capture is played up to this packet, so that what the firewall remembers by then counts …</span>
          </div>
        ) : "fault" in story ? (
          <p class="notice fault">It cannot be told: {printable(story.fault)}</p>
        ) : (
          <ReportLines label="How it met the rules" lines={story.lines} />
        )}
        <div class="row">
          <button
            type="button"
            class="button"
            title="Alone, without what the capture holds before it"
            onClick={() => {
              stopAsking();
              traceThis(packet);
            }}
          >
            Trace such a packet
          </button>
          <button type="button" class="button primary" onClick={() => element.current?.close()}>
            Close
          </button>
        </div>
      </div>
    </dialog>
  );
}
