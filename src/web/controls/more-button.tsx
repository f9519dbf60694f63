import type { Signal } from "@preact/signals";
import type { JSX } from "preact";

/** Shows more of a long list: `shown` grows by a page. Nothing where all of it is shown. */
export function MoreButton({
  rest,
  shown,
  page,
}: {
  readonly rest: number;
  readonly shown: Signal<number>;
  readonly page: number;
}): JSX.Element {
  if (rest <= 0) return <></>;
  return (
    <p>
      <button
        type="button"
        class="button"
        onClick={() => {
          shown.value += page;
        }}
      >
        Show {Math.min(rest, page)} more of {rest}
      </button>
    </p>
  );
}
