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
    if (word.text === "!" && !word.quoted) {
      invert = true;
      continue;
    }
    const next = words[at + 1];
    if (word.text === "-m" && next) {
      close();
      open = encodeXml(next.text);
      text += `        <${open} >\n`;
      at++;
      continue;
    }
    if (open === undefined) text += `        <${(open = "match")} >\n`;
    const values = valuesFrom(words, at + 1);
    text += element(word, values, invert);
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
  if (isChain(target.text)) {
    const verb = how.text.endsWith("j") || how.text === "--jump" ? "call" : "goto";
    return `        <${verb} >\n          <${name} />\n        </${verb}>\n`;
  }
  if (rest.length === 0) return `        <${name}  />\n`;
  let text = `        <${name} >\n`;
  let invert = false;
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at] as Word;
    if (word.text === "!" && !word.quoted) {
      invert = true;
      continue;
    }
    const values = valuesFrom(rest, at + 1);
    text += element(word, values, invert);
    invert = false;
    at += values.length;
  }
  return `${text}        </${name}>\n`;
}

/** The words up to the next option; a `!` that stands before an option belongs to that. */
function valuesFrom(words: readonly Word[], from: number): readonly Word[] {
  let end = from;
  for (let word = words[end]; word && !isOption(word); word = words[end]) {
    const next = words[end + 1];
    if (word.text === "!" && !word.quoted && (!next || isOption(next))) break;
    end++;
  }
  return words.slice(from, end);
}

function element({ text }: Word, values: readonly Word[], invert: boolean): string {
  const name = encodeXml(text.replace(/^--?/, ""));
  const start = `          <${name} ${invert ? ' invert="1"' : ""}`;
  return values.length === 0 ? `${start} />\n` : `${start}>${values.map(valueOf).join(" ")}</${name}>\n`;
}
