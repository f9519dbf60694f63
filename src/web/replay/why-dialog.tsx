import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { count, printable, type Tone } from "../../report/index.ts";
import { traceThis } from "../state/actions.ts";
import { inquiry, stopAsking, type Inquiry } from "./asking-why.ts";

/** How a packet of the capture met the rules. */
export function WhyDialog(): JSX.Element | null {
  const asked = inquiry.value;
  return asked === undefined ? null : <Shown key={asked.frame} asked={asked} />;
}

function Shown({ asked }: { readonly asked: Inquiry }): JSX.Element {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
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
          <div class="replay-story scroll-x" tabIndex={0} role="region" aria-label="How it met the rules">
            {story.lines.map((line, index) => (
              <div key={index} class="replay-story-line">
                {line.length === 0
                  ? "\u00a0"
                  : line.map(({ text, tone }, at) => (
                      <span key={at} class={TONES[tone]}>
                        {text}
                      </span>
                    ))}
              </div>
            ))}
          </div>
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

const TONES: Readonly<Record<Tone, string>> = {
  plain: "",
  good: "replay-good",
  bad: "replay-bad",
  dim: "faint",
  strong: "replay-strong",
  accent: "replay-accent",
};
