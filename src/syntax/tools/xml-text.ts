import type { Word } from "../words.ts";

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text with the four characters that XML keeps for itself written as entities. */
export const encodeXml = (text: string): string => text.replaceAll(/[&<>"]/g, char => ENTITIES[char] ?? char);

/** A comment in which no two hyphens meet: each gets a star before it, every second one a blank too. iptables: iptables-xml.c, xmlCommentEscape. */
export function xmlComment(text: string, lead = ""): string {
  let hyphens = 0;
  const escaped = text.replaceAll("-", () => (++hyphens % 2 === 0 ? " *-" : "*-"));
  return `<!-- ${lead}${escaped} -->\n`;
}

const TARGETS: ReadonlySet<string> = new Set(["-j", "--jump", "-g", "--goto"]);

/** Does the word say that a target follows? */
export const isTargetWord = ({ text, quoted }: Word): boolean => !quoted && TARGETS.has(text);

const isOption = ({ text, quoted }: Word): boolean => !quoted && text.startsWith("-");
const valueOf = ({ text, quoted }: Word): string => (quoted ? `&quot;${encodeXml(text)}&quot;` : encodeXml(text));

/** `-s 10.0.0.0/8 -m tcp --dport 22`, as elements: those before any -m in `match`, the others in one of the match's name. */
export function xmlConditions(words: readonly Word[]): string {
  let text = "";
  let open: string | undefined;
  let invert = false;
  const close = (): void => {
    if (open !== undefined) text += `        </${open}>\n`;
    open = undefined;
  };
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as Word;
    const next = words[at + 1];
    if (word.text === "!" && !word.quoted && next && isOption(next)) {
      invert = true;
      continue;
    }
    if (!isOption(word)) {
      text += `${text.endsWith("\n") || text === "" ? "" : " "}${valueOf(word)}`;
      continue;
    }
    if (word.text === "-m" && next) {
      close();
      open = encodeXml(next.text);
      invert = false;
      const after = words[at + 2];
      if (!after || after.text === "-m") {
        text += `        <${open}  />\n`;
        open = undefined;
        at++;
        continue;
      }
      text += `        <${open} >\n`;
      at++;
      continue;
    }
    // What follows a word that belongs to nothing stands outside any element.
    if (text === "") text += `        <${(open = "match")} >\n`;
    const values = valuesFrom(words, at + 1);
    text += element(word, values, invert, next !== undefined && !isOption(next));
    invert = false;
    at += values.length;
  }
  close();
  return text;
}

/** The target with its options: an element of its name, or for a chain what leads there. */
export function xmlAction(words: readonly Word[], isChain: (name: string) => boolean): string {
  const [how, target, ...rest] = words;
  if (!how || !target) return "";
  const name = encodeXml(target.text);
  const verb = how.text.endsWith("j") || how.text === "--jump" ? "call" : "goto";
  const leads = isChain(target.text);
  if (!leads && rest.length === 0) return `        <${name}  />\n`;
  const around = leads ? verb : name;
  let text = `        <${around} >\n${leads ? `          <${name} />\n` : ""}`;
  let invert = false;
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at] as Word;
    const after = rest[at + 1];
    if (word.text === "!" && !word.quoted && after && isOption(after)) {
      invert = true;
      continue;
    }
    if (!isOption(word)) {
      text += `${text.endsWith("\n") ? "" : " "}${valueOf(word)}`;
      continue;
    }
    const values = valuesFrom(rest, at + 1);
    const next = rest[at + 1];
    text += element(word, values, invert, next !== undefined && !isOption(next));
    invert = false;
    at += values.length;
  }
  return `${text}        </${around}>\n`;
}

/** The words up to the next option; a `!` that stands before an option belongs to that. */
function valuesFrom(words: readonly Word[], from: number): readonly Word[] {
  let end = from;
  for (let word = words[end]; word && !isOption(word); word = words[end]) {
    const next = words[end + 1];
    if (word.text === "!" && !word.quoted && next && isOption(next)) break;
    end++;
  }
  return words.slice(from, end);
}

/** `valued` says that something follows which is no option, be it only the `!` of the next one. */
function element({ text }: Word, values: readonly Word[], invert: boolean, valued: boolean): string {
  const name = encodeXml(text.replace(/^--?/, ""));
  const start = `          <${name} ${invert ? ' invert="1"' : ""}`;
  return !valued ? `${start} />\n` : `${start}>${values.map(valueOf).join(" ")}</${name}>\n`;
}
