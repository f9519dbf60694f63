import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Finding } from "../../analysis/index.ts";
import type { FindingKind } from "../../analysis/lint/index.ts";
import { printable, type FindingGroup } from "../../report/index.ts";
import { MoreButton } from "../controls/more-button.tsx";
import { chosen } from "../state/findings.ts";
import { FindingItem } from "./finding-item.tsx";
import { pointerText } from "./pointer-text.ts";

/** Findings of a group that are shown at once when it is opened. */
const PAGE = 60;
/** Places that are named while it is closed. */
const NAMED = 3;

/** A finding, and beneath it the others that say the same of other places, folded until they are asked for or one of them is chosen elsewhere. */
export function GroupItem({
  group: { first, others },
  kind,
}: {
  readonly group: FindingGroup;
  readonly kind: FindingKind | undefined;
}): JSX.Element {
  const unfolded = useSignal(false);
  const most = useSignal(PAGE);
  if (others.length === 0) return <FindingItem finding={first} kind={kind} />;
  const at = chosen.value === undefined ? -1 : others.indexOf(chosen.value);
  const isOpen = unfolded.value || at !== -1;
  const shown = isOpen ? others.slice(0, Math.max(most.value, at + 1)) : [];
  return (
    <>
      <FindingItem finding={first} kind={kind} />
      <li class="finding-others">
        <p class="small">
          <button
            type="button"
            class="act"
            aria-expanded={isOpen}
            onClick={() => {
              unfolded.value = !isOpen;
              if (at !== -1) chosen.value = undefined;
            }}
          >
            {others.length.toLocaleString("en-GB")} more like it
          </button>
          {isOpen ? null : <span class="soft from-rules">: {placesText(others)}</span>}
        </p>
        {isOpen ? (
          <ul class="findings-list" aria-label={`More like ${first.code}`}>
            {shown.map((finding, index) => (
              <FindingItem key={`${finding.family} ${finding.at.line} ${index}`} finding={finding} kind={kind} />
            ))}
          </ul>
        ) : null}
        {isOpen ? <MoreButton rest={others.length - shown.length} shown={most} page={PAGE * 2} /> : null}
      </li>
    </>
  );
}

/** The first few places: `line 15, filter INPUT rule 3; … and 56 more`. */
function placesText(others: readonly Finding[]): string {
  const places = others.slice(0, NAMED).map(({ at }) => printable(pointerText(at)));
  return `${places.join("; ")}${others.length > NAMED ? "; …" : ""}`;
}
