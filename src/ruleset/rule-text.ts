import { headerWords } from "./header.ts";
import type { Rule } from "./rule.ts";

/** A rule's tests and target as iptables-save writes them after `-A CHAIN `, without counters; empty for a rule that only counts. */
export function ruleText({ header, matches, target }: Rule): string {
  const words = headerWords(header);
  for (const { save } of matches) words.push(save);
  if (target) words.push(target.save);
  return words.join(" ");
}

/** The same with `-c PACKETS BYTES` before the target, as `iptables -S -v` writes it. */
export function ruleTextWithCounters({ header, matches, target, counters }: Rule): string {
  const words = headerWords(header);
  for (const { save } of matches) words.push(save);
  words.push(`-c ${counters.packets} ${counters.bytes}`);
  if (target) words.push(target.save);
  return words.join(" ");
}
