/** How a piece of text is meant; a front end gives it colour or style. */
export type Tone = "plain" | "good" | "bad" | "dim" | "strong" | "accent";

/** A piece of a line. */
export interface Span {
  readonly text: string;
  readonly tone: Tone;
}

/** One line of a report. Texts are already printable. */
export type Line = readonly Span[];

export const plain = (text: string): Span => ({ text, tone: "plain" });
export const good = (text: string): Span => ({ text, tone: "good" });
export const bad = (text: string): Span => ({ text, tone: "bad" });
export const dim = (text: string): Span => ({ text, tone: "dim" });
export const strong = (text: string): Span => ({ text, tone: "strong" });
export const accent = (text: string): Span => ({ text, tone: "accent" });

/** A line without styles. */
export const lineText = (line: Line): string => line.map(({ text }) => text).join("");

/** The line moved right by some blanks. */
export const indent = (line: Line, columns: number): Line => (columns > 0 ? [plain(" ".repeat(columns)), ...line] : line);
