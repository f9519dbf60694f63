import { printable } from "../../report/index.ts";

/** A line that a script printed, and how often one after the other. */
interface Said {
  readonly said: string;
  times: number;
}

/** Something that happened while a script ran: a line that it printed, or a tool's call that failed or said something. */
export type Event = Said | { readonly call: number; readonly sentence: string };

/** Lines of a script's own that are kept, sentences of tools that are, and characters of a line. */
const MOST_LINES = 100;
const MOST_SENTENCES = 1000;
const MOST_IN_LINE = 400;

/** What a script prints and what its tools complain of, in order and bounded. */
export class Transcript {
  readonly events: Event[] = [];
  /** Lines that were printed and not kept. */
  dropped = 0;
  private readonly decoder = new TextDecoder();
  private rest = "";
  private lines = 0;
  /** The last line that was kept, as it came. */
  private latest: { readonly text: string; readonly event: Said } | undefined;
  private sentences = 0;

  private readonly alias: readonly [from: string, to: string] | undefined;

  /** With `alias`, one name stands for another in what is printed. */
  constructor(alias?: readonly [from: string, to: string]) {
    this.alias = alias;
  }

  /** Bytes as they came out. */
  said(bytes: Uint8Array): void {
    const lines = (this.rest + this.decoder.decode(bytes, { stream: true })).split("\n");
    this.rest = (lines.pop() ?? "").slice(0, MOST_IN_LINE);
    for (const line of lines) this.line(line);
  }

  /** A tool's sentence, at the number of its call. */
  complained(call: number, sentence: string): void {
    this.flush();
    if (++this.sentences > MOST_SENTENCES) this.dropped++;
    else this.events.push({ call, sentence });
  }

  /** Ends a line that was not ended. */
  flush(): void {
    if (this.rest !== "") this.line(this.rest);
    this.rest = "";
  }

  private line(text: string): void {
    const last = this.events.at(-1);
    // A script may print thirty million lines: those that are the same again, or too many, must cost next to nothing.
    if (last && last === this.latest?.event && text === this.latest.text) return void last.times++;
    // Tracing shows the shell's work for us.
    if (text.startsWith("+") && /^\++ (?:FERRULE_|case \$\{BASH_SOURCE|: )/.test(text)) return;
    if (this.lines >= MOST_LINES) return void this.dropped++;
    const plain = this.alias ? text.slice(0, MOST_IN_LINE).replaceAll(...this.alias) : text.slice(0, MOST_IN_LINE);
    const said = plain.replaceAll("\t", "    ").trimEnd();
    if (last && "said" in last && last.said === said) return void last.times++;
    const event = { said, times: 1 };
    this.lines++;
    this.events.push(event);
    this.latest = { text, event };
  }
}

/** The transcript for people: `FILE:LINE: sentence`, and the script's own words behind a bar. */
export function transcriptLines(transcript: Transcript, name: string, place: (call: number) => string): readonly string[] {
  const lines = transcript.events.map(event =>
    "said" in event
      ? `${printable(name)} | ${printable(event.said)}${event.times > 1 ? ` (${event.times} times)` : ""}`
      : event.sentence
          .split("\n")
          .filter(line => line !== "" && !line.startsWith("Try `"))
          .map(line => `${printable(place(event.call))}: ${printable(line)}`)
          .join("\n"),
  );
  return transcript.dropped > 0 ? [...lines, `${printable(name)} | … ${transcript.dropped} more lines`] : lines;
}
