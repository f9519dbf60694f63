import { printable } from "../../report/index.ts";
import type { TraceStep } from "../state/traced.ts";

/** What the kernel itself does at a hook, by the name of its row. */
export const KERNEL_WORDS: Readonly<Record<string, string>> = {
  conntrack: "connection tracking",
  reroute: "routed again if mangle or nat changed it",
};

/** A text with its end cut off where it is longer than so many characters. */
export function shortened(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
}

/** Where in a table a step is: `rule 3`, `logdrop rule 2`, `policy`. Within the hook's own chain `table` goes before it. */
export function stepPlace({ chain, number }: TraceStep, hook: string, table: string = ""): string {
  const where = number === undefined ? "" : number === 0 ? "policy" : `rule ${number}`;
  const within = chain === undefined || chain === hook ? table : printable(chain);
  return [within, where].filter(part => part !== "").join(" ") || "the packet is here";
}

/** A rule's text without the words that add it to its chain. */
export function bareRule(text: string, chain: string): string {
  const start = `-A ${chain} `;
  return text.startsWith(start) ? text.slice(start.length) : text === start.trimEnd() ? "" : text;
}
