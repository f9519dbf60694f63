import type { Documents, Origin } from "../state/documents.ts";

/** A word that a POSIX shell takes as it is. */
export const shellQuoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** The `ferrule trace` command that asks the same; texts that have no file are named as they would be saved. */
export function traceCommand(question: string, texts: Documents, { paths }: Pick<Origin, "paths">): string {
  const packets = question.split("\n").flatMap(line => (line.trim() === "" ? [] : [line.trim()]));
  const alone = texts.rules4 === "" && texts.rules6 !== "";
  const rules = alone ? (paths?.rules6 ?? "rules.v6") : (paths?.rules4 ?? "rules.v4");
  const words = ["ferrule", "trace", rules];
  if (!alone && texts.rules6 !== "") words.push("--v6", paths?.rules6 ?? "rules.v6");
  if (texts.sets !== "") words.push("--ipset", paths?.sets ?? "ipset.save");
  if (texts.host !== "") words.push("--host", paths?.host ?? "host.json");
  return [...words, ...packets].map(shellQuoted).join(" ");
}
