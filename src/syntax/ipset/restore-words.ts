/** Words of one line at most, the program's name among them. libipset: ipset.c, MAX_ARGS. */
export const WORDS_MAX = 32;
/** Bytes of one line that ipset reads at once; the rest is taken for the next line. libipset: ipset.c, MAX_CMDLINE_CHARS less the byte that ends it. */
export const LINE_MAX = 1023;

/** The words of a line, or ipset's complaint. Quotes hold blanks together anywhere in a word and are dropped; an empty word is none. libipset: ipset.c, build_argv. */
export function restoreWords(line: string): readonly string[] | string {
  const words: string[] = [];
  let word = "";
  let quoted = false;
  const close = (): void => {
    if (word !== "") words.push(word);
    word = "";
  };
  for (let i = 0; i < line.length; i++) {
    if (words.length + 2 === WORDS_MAX) return "Line is too long to parse.";
    const char = line[i] ?? "";
    const last = i + 1 === line.length;
    if (char === '"') quoted = !quoted;
    else if (!BLANKS.includes(char)) word += char;
    else {
      // A line that ends within quotes loses its last word, unless a quote or a letter stands at its very end.
      if (quoted) word += char;
      else close();
      continue;
    }
    if (last) {
      if (quoted) return "Missing close quote!";
      close();
    }
  }
  return words;
}

const BLANKS = " \r\n\t";

/** The text's lines, as C's fgets reads them into ipset's buffer: ends included, long ones in pieces. A NUL hides the rest of its line. */
export function* restoreLines(text: string): Generator<string> {
  for (let from = 0; from < text.length;) {
    const end = text.indexOf("\n", from);
    const line = text.slice(from, end < 0 ? text.length : end + 1);
    from += line.length;
    for (const piece of line.length * 3 <= LINE_MAX ? [line] : pieces(line)) {
      const nul = piece.indexOf("\0");
      yield nul < 0 ? piece : piece.slice(0, nul);
    }
  }
}

/** Cut where the buffer is full of UTF-8; a character is never cut. */
function* pieces(line: string): Generator<string> {
  let start = 0;
  let bytes = 0;
  for (let i = 0; i < line.length;) {
    const code = line.codePointAt(i) ?? 0;
    const width = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (bytes + width > LINE_MAX) {
      yield line.slice(start, i);
      start = i;
      bytes = 0;
    }
    bytes += width;
    i += code > 0xffff ? 2 : 1;
  }
  if (start < line.length) yield line.slice(start);
}
