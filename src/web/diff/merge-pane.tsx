import { useSignal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Tabs } from "../app/tabs.tsx";
import { printable } from "../../report/index.ts";
import { isNarrow } from "../state/actions.ts";
import { compared, families, shownFamily, shownLine, sides } from "./state.ts";
import type { TextsView } from "./texts.ts";

const KEYS = { 4: "rules4", 6: "rules6" } as const;

/** The texts of both sides beside each other; one below the other where it is narrow. */
export function MergePane(): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const shown = useRef<TextsView | undefined>(undefined);
  const shownNarrow = useRef<boolean | undefined>(undefined);
  const failed = useSignal(false);
  const { names } = sides.value;
  const family = families.value.includes(shownFamily.value) ? shownFamily.value : (families.value[0] ?? 4);
  const key = KEYS[family];
  const isFamilies = compared.value === "families";
  const before = isFamilies ? sides.value.before.rules4 : sides.value.before[key];
  const after = isFamilies ? sides.value.before.rules6 : sides.value.after[key];
  const narrow = isNarrow.value;

  useEffect(() => {
    let gone = false;
    const timer = setTimeout(
      () => {
        import("./texts.ts").then(
          ({ showTexts }) => {
            if (gone || !host.current) return;
            if (shownNarrow.current === narrow && shown.current?.change(before, after)) return;
            shownNarrow.current = narrow;
            shown.current?.stop();
            shown.current = showTexts(host.current, { before, after, narrow });
          },
          () => {
            failed.value = true;
          },
        );
      },
      shown.current ? 500 : 0,
    );
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [before, after, narrow]);
  useEffect(() => () => shown.current?.stop(), []);
  useSignalEffect(() => {
    const wanted = shownLine.value;
    if (!wanted) return;
    // The texts of the other family come first, where they are not shown.
    setTimeout(
      () => {
        host.current?.scrollIntoView({ block: "nearest" });
        shown.current?.showLine(wanted.side, wanted.line);
      },
      wanted.family === family ? 0 : 700,
    );
  });
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
