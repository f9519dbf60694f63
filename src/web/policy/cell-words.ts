import { cellOf, type Reach } from "./grid.ts";

/** What a cell shows and says. */
export interface CellWords {
  /** Class that colours it. */
  readonly tone: "open" | "part" | "half" | "none";
  readonly sign: string;
  readonly word: string;
  /** For those who do not see it. */
  readonly about: string;
}

const WORDS: Readonly<Record<Reach, CellWords>> = {
  none: { tone: "none", sign: "", word: "", about: "no session" },
  "half-open": { tone: "half", sign: "◌", word: "half", about: "half-open: it begins and then dies" },
  some: { tone: "part", sign: "◐", word: "partly", about: "usable for a part: of the service, of the other end, or of the interfaces" },
  all: { tone: "open", sign: "●", word: "open", about: "usable, with everybody at the other end" },
};

const AS_OTHERS: CellWords = { ...WORDS.none, about: "as from other source ports" };

/** A cell by its code; `special` services are told only where their source ports make a difference. */
export function cellWords(code: number, special = false): CellWords {
  if (code === 0 && special) return AS_OTHERS;
  const { reach, depends } = cellOf(code);
  const words = WORDS[reach];
  return depends ? { ...words, word: `${words.word}?`, about: `${words.about}; depends on conditions` } : words;
}

/** What the signs mean. */
export const LEGEND: readonly { readonly code: number; readonly means: string }[] = [
  { code: 3, means: "with everybody at the other end" },
  { code: 2, means: "a part of the service, with some of them, or through some interfaces" },
  { code: 1, means: "begins and then dies" },
  { code: 7, means: "a question mark: depends on conditions" },
];
