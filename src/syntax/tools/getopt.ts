/** A long option: its word, the letter it stands for, and whether a value belongs to it (`optional`: only glued on). */
export interface LongOption {
  readonly word: string;
  readonly letter: string;
  readonly takes: "none" | "required" | "optional";
}

/** One option of an argv as it was found. */
export interface FoundLetter {
  readonly letter: string;
  readonly value: string | undefined;
}

/** What an argv holds: options in their order, then the words that are none. */
export interface Arguments {
  readonly options: readonly FoundLetter[];
  readonly rest: readonly string[];
  /** getopt's own sentence about the first option that is wrong; the options before it stand in `options`. */
  readonly fault?: string;
}

/**
 * getopt_long of the GNU C library as the save and restore tools call it: options may stand behind other words, long ones may be abbreviated.
 * `short` is its letter string (`ct:`), `called` the program's name as called.
 */
export function readArguments(argv: readonly string[], short: string, long: readonly LongOption[], called: string): Arguments {
  const options: FoundLetter[] = [];
  const rest: string[] = [];
  const wrong = (sentence: string): Arguments => ({ options, rest, fault: `${called}: ${sentence}` });
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? "";
    if (word === "--") {
      rest.push(...argv.slice(at + 1));
      break;
    }
    if (word.startsWith("--")) {
      const equals = word.indexOf("=");
      const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
      const exact = long.find(option => option.word === name);
      const fitting = exact ? [exact] : long.filter(option => option.word.startsWith(name));
      const [option] = fitting;
      if (!option) return wrong(`unrecognized option '--${name}'`);
      if (new Set(fitting.map(({ letter }) => letter)).size > 1)
        return wrong(`option '--${name}' is ambiguous; possibilities: ${fitting.map(each => `'--${each.word}'`).join(" ")}`);
      let value = equals < 0 ? undefined : word.slice(equals + 1);
      if (option.takes === "none" && value !== undefined) return wrong(`option '--${option.word}' doesn't allow an argument`);
      if (option.takes === "required" && value === undefined) {
        value = argv[++at];
        if (value === undefined) return wrong(`option '--${option.word}' requires an argument`);
      }
      options.push({ letter: option.letter, value });
    } else if (word.startsWith("-") && word.length > 1) {
      for (let i = 1; i < word.length; i++) {
        const letter = word[i] ?? "";
        const place = letter === ":" ? -1 : short.indexOf(letter);
        if (place < 0) return wrong(`invalid option -- '${letter}'`);
        if (short[place + 1] !== ":") {
          options.push({ letter, value: undefined });
          continue;
        }
        const value = i + 1 < word.length ? word.slice(i + 1) : argv[++at];
        if (value === undefined) return wrong(`option requires an argument -- '${letter}'`);
        options.push({ letter, value });
        break;
      }
    } else rest.push(word);
  }
  return { options, rest };
}
