import type { JSX } from "preact";
import { count, printable, share, size } from "../../report/index.ts";
import { showRule } from "../state/actions.ts";
import { useSignal } from "@preact/signals";
import type { DroppedBy, Played } from "./played.ts";

/** Lines that are shown at first. */
const FIRST = 8;

/** Rules and policies that dropped packets, those that dropped most first. */
export function DroppedByList({ played }: { readonly played: Played }): JSX.Element | null {
  const all = useSignal(false);
  const { droppedBy, moreDropped } = played;
  if (droppedBy.length === 0) return null;
  const total = droppedBy.reduce((sum, { packets }) => sum + packets, moreDropped);
  const shown = all.value ? droppedBy : droppedBy.slice(0, FIRST);
  const left = droppedBy.length - shown.length;
  return (
    <section class="stack" aria-labelledby="replay-droppers">
      <h3 id="replay-droppers">What dropped packets</h3>
      <ol class="replay-droppers">
        {shown.map(({ by, packets, bytes }) => (
          <li key={`${by.family} ${by.place}`}>
            <span class="replay-share" aria-hidden="true">
              <svg viewBox="0 0 100 8" preserveAspectRatio="none">
                <rect width={(packets / Math.max(1, total)) * 100} height="8" />
              </svg>
            </span>
            <span class="replay-number">
              {count(packets)}{" "}
              <span class="small soft">
                ({share(packets, total)}, {size(bytes)})
              </span>
            </span>
            <span class="replay-by">
              <ByLink by={by} />
              {by.rule !== "" && <span class="rule-text soft"> {printable(by.rule)}</span>}
            </span>
          </li>
        ))}
      </ol>
      {left > 0 && (
        <p>
          <button
            type="button"
            class="act"
            onClick={() => {
              all.value = true;
            }}
          >
            Show {count(left)} more
          </button>
        </p>
      )}
      {all.value && moreDropped > 0 && <p class="small soft">{count(moreDropped)} packets were dropped by still others.</p>}
    </section>
  );
}

/** Who dropped: a link to the rule where it has a line. */
export function ByLink({ by }: { readonly by: DroppedBy }): JSX.Element {
  const { family, line, place } = by;
  const name = `${printable(place)}${family === 6 ? " (IPv6)" : ""}`;
  if (family === undefined || line === 0) return <span class="from-rules">{name}</span>;
  return (
    <button type="button" class="act from-rules" title={`line ${line}`} onClick={() => showRule({ family, line })}>
      {name}
    </button>
  );
}
