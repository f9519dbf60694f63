import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Tabs } from "../controls/tabs.tsx";
import { printable } from "../../report/index.ts";
import { isNarrow } from "../state/actions.ts";
import { rulesOf } from "../state/documents.ts";
import { compared, families, shownFamily, shownLine, sides } from "./state.ts";
import type { TextsView } from "./texts.ts";

/** ms after the last change in which the texts are compared again. */
const TYPING = 500;

/** The texts of both sides beside each other; one below the other where it is narrow. */
export function MergePane(): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const shown = useRef<TextsView | undefined>(undefined);
  /** What the view shows, and in which form. */
  const shownAs = useRef<{ readonly what: string; readonly narrow: boolean } | undefined>(undefined);
  /** The request for a line that was answered last, here or before this panel was shown. */
  const answered = useRef(shownLine.peek());
  const failed = useSignal(false);
  const { names } = sides.value;
  const family = families.value.includes(shownFamily.value) ? shownFamily.value : (families.value[0] ?? 4);
  const key = rulesOf(family);
  const isFamilies = compared.value === "families";
  const before = isFamilies ? sides.value.before.rules4 : sides.value.before[key];
  const after = isFamilies ? sides.value.before.rules6 : sides.value.after[key];
  const narrow = isNarrow.value;
  const what = `${compared.value} ${isFamilies ? "" : family}`;

  /** Goes to the line that was asked for last, as soon as the texts of its family stand here. */
  const goToLine = (): void => {
    const wanted = shownLine.peek();
    if (!wanted || wanted === answered.current || shownAs.current?.what !== what || wanted.family !== family) return;
    answered.current = wanted;
    host.current?.scrollIntoView({ block: "nearest" });
    shown.current?.showLine(wanted.side, wanted.line);
  };
  useEffect(() => {
    let gone = false;
    const show = ({ showTexts }: typeof import("./texts.ts")): void => {
      if (gone || !host.current) return;
      const same = shownAs.current?.what === what && shownAs.current.narrow === narrow;
      if (!(same && shown.current?.change(before, after))) {
        shown.current?.stop();
        shown.current = showTexts(host.current, { before, after, narrow });
      }
      shownAs.current = { what, narrow };
      goToLine();
    };
    // What is typed is shown after a pause.
    const timer = setTimeout(
      () => {
        import("./texts.ts").then(show, () => {
          failed.value = true;
        });
      },
      shownAs.current?.what === what ? TYPING : 0,
    );
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [before, after, narrow]);
  useEffect(() => () => shown.current?.stop(), []);
  useEffect(goToLine, [shownLine.value]);
  const title = isFamilies ? (["IPv4", "IPv6"] as const) : names;
  return (
    <section class="stack" aria-label="The texts">
      <h3>The texts</h3>
      {!isFamilies && families.value.length > 1 ? (
        <Tabs
          label="Family"
          tabs={families.value.map(each => ({ name: `${each}` as const, title: `IPv${each}` }))}
          selected={`${family}` as const}
          controls="diff-texts"
          idPrefix="diff-family-"
          select={name => {
            shownFamily.value = name === "4" ? 4 : 6;
          }}
        />
      ) : null}
      {failed.value ? <p class="notice fault">The view of texts could not be loaded. Is the page's server still there?</p> : null}
      {narrow ? (
        <p class="small soft">
          Lines marked − are only in <span class="from-rules">{printable(title[0])}</span>, other marked ones only in{" "}
          <span class="from-rules">{printable(title[1])}</span>.
        </p>
      ) : (
        <div class="diff-heads small soft">
          <span class="from-rules">{printable(title[0])}</span>
          <span class="from-rules">{printable(title[1])}</span>
        </div>
      )}
      <div class="diff-texts" id="diff-texts" role="tabpanel" aria-label="The texts beside each other" ref={host} />
    </section>
  );
}
