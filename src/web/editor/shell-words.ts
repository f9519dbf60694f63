/** Variables of a shell that were given plain values. */
export type Variables = ReadonlyMap<string, string>;

/** What means something to a shell outside of quotes, so that a line with it is more than words. */
const MEANT = new Set(";&|<>()*?[{}`~");
const NAME = /^[A-Za-z_][A-Za-z0-9_]*/;

/**
 * The words of a line as a shell cuts it, variables filled in and a comment at its end left out; undefined where it takes a shell to know:
 * pipes, globs, command substitution, unknown variables, open quotes.
 */
export function shellWords(line: string, variables: Variables): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    if (quote === "'") {
      if (char === "'") quote = "";
      else word += char;
    } else if (char === "\\") {
      const next = line.charAt(++at);
      if (next === "") return undefined;
      word = `${word ?? ""}${quote === "" || '$`"\\'.includes(next) ? "" : "\\"}${next}`;
    } else if (char === "$") {
      const taken = variableAt(line, at + 1, variables);
      // What is unquoted is cut again and globbed, so it has to be one plain word.
      if (taken === undefined || (quote === "" && !/^[\w./:,%+=@-]+$/.test(taken.value))) return undefined;
      word = (word ?? "") + taken.value;
      at = taken.end - 1;
    } else if (quote === '"') {
      if (char === "`") return undefined;
      if (char === '"') quote = "";
      else word += char;
    } else if (char === "'" || char === '"') {
      quote = char;
      word ??= "";
    } else if (char === " " || char === "\t") {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (char === "#" && word === undefined) break;
    else if (MEANT.has(char)) return undefined;
    else word = (word ?? "") + char;
  }
  if (quote !== "") return undefined;
  return word === undefined ? words : [...words, word];
}

/** `NAME` or `{NAME}` behind a dollar sign: its value, and where it ends. */
function variableAt(line: string, from: number, variables: Variables): { readonly value: string; readonly end: number } | undefined {
  const braced = line.charAt(from) === "{";
  const start = braced ? from + 1 : from;
  const [name = ""] = NAME.exec(line.slice(start, start + NAME_MAX)) ?? [];
  const value = variables.get(name);
  const end = start + name.length;
  if (name === "" || value === undefined || (braced && line.charAt(end) !== "}")) return undefined;
  return { value, end: braced ? end + 1 : end };
}

/** Longer names are nobody's. */
const NAME_MAX = 100;
