import type { JSX } from "preact";

/** A part of a text that is wrong: offsets, the end exclusive. */
export interface FaultyPart {
  readonly start: number;
  readonly end: number;
}

/** A text whose faulty parts are marked. Parts that are empty, overlap one before or lie outside are not. `escape` makes the text fit to be read; a backdrop must hold it as it is. */
export function FaultyText(props: {
  readonly text: string;
  readonly faults: readonly FaultyPart[];
  readonly escape?: (text: string) => string;
}): JSX.Element {
  const { text, faults, escape = (plain: string) => plain } = props;
  const parts: (string | JSX.Element)[] = [];
  let at = 0;
  for (const { start, end } of faults.toSorted((one, other) => one.start - other.start)) {
    if (start < at || start >= end || end > text.length) continue;
    parts.push(
      escape(text.slice(at, start)),
      <mark key={start} class="wrong">
        {escape(text.slice(start, end))}
      </mark>,
    );
    at = end;
  }
  return (
    <>
      {parts}
      {escape(text.slice(at))}
    </>
  );
}

/** The text with a guess in place of a faulty part; what goes behind the last word gets a blank before it. */
export function withGuess(text: string, { start, end }: FaultyPart, guess: string): string {
  const gap = start > 0 && start === text.length && !/\s$/.test(text) ? " " : "";
  return `${text.slice(0, start)}${gap}${guess}${text.slice(end)}`;
}
