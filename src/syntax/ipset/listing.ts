import type { NamedSet } from "../../ruleset/index.ts";
import { compareEntries } from "./entry-order.ts";
import { entryOptions, printElement, type Shown } from "./print-entry.ts";
import { headerOptions } from "./print-header.ts";

/** How sets are shown. */
export type ListMode = "plain" | "save" | "xml";

/** What of them is shown. */
export interface ListOptions {
  readonly mode: ListMode;
  readonly namesOnly: boolean;
  /** Headers do not announce members. */
  readonly terse: boolean;
  /** Members are shown; `save` shows them even when it is terse. */
  readonly members: boolean;
  readonly sorted: boolean;
  /** µs; timeouts are shown as what is left of them. */
  readonly now: number;
}

/** Sets as `list` and `save` print them. libipset: session.c, callback_list. */
export function printSets(sets: Iterable<NamedSet>, options: ListOptions): string {
  const out: string[] = [];
  const { mode, namesOnly } = options;
  if (mode === "xml") out.push("<ipsets>\n");
  let first = true;
  for (const set of sets) {
    if (namesOnly && mode !== "save") out.push(mode === "xml" ? `<ipset name="${set.name}"/>\n` : `${set.name}\n`);
    else {
      if (mode === "plain" && !first) out.push("\n");
      printSet(out, set, options);
    }
    first = false;
  }
  if (mode === "xml") out.push("</ipsets>\n");
  return out.join("");
}

function printSet(out: string[], named: NamedSet, options: ListOptions): void {
  const { mode, now } = options;
  const { name, set } = named;
  const bare = options.terse && mode !== "save";
  printHeader(out, named, options, bare);
  if (options.members) {
    const lines: string[] = [];
    for (const entry of set.entries(now)) {
      const key = printElement(set.type, entry.name === undefined ? entry.element : { name: entry.name });
      const more = entryOptions(entry, set.made.options, now);
      lines.push(mode === "xml" ? `${key}</elem>${xml(more)}</member>\n` : `${key}${words(more)}\n`);
    }
    if (options.sorted && set.type.method === "hash") lines.sort(compareEntries);
    const start = mode === "save" ? `add ${name} ` : mode === "xml" ? "<member><elem>" : "";
    for (const line of lines) out.push(start, line);
  }
  if (mode === "xml") out.push(bare ? "</ipset>\n" : "</members>\n</ipset>\n");
}

function printHeader(out: string[], { name, set, references }: NamedSet, { mode, now }: ListOptions, bare: boolean): void {
  const made = headerOptions(set);
  const { type } = set;
  switch (mode) {
    case "save":
      out.push(`create ${name} ${type.name}${words(made)}\n`);
      return;
    case "plain":
      out.push(
        `Name: ${name}\nType: ${type.name}\nRevision: ${type.revision}\nHeader:${words(made)}\n`,
        `Size in memory: ${set.memory()}\nReferences: ${references}\nNumber of entries: ${set.count(now)}\n${bare ? "" : "Members:\n"}`,
      );
      return;
    case "xml":
      out.push(
        `<ipset name="${name}">\n<type>${type.name}</type>\n<revision>${type.revision}</revision>\n<header>${xml(made)}\n`,
        `<memsize>${set.memory()}</memsize>\n<references>${references}</references>\n<numentries>${set.count(now)}</numentries>\n`,
        bare ? "</header>\n" : "</header>\n<members>\n",
      );
  }
}

function words(options: readonly Shown[]): string {
  return options.map(([name, value]) => (value === undefined ? ` ${name}` : ` ${name} ${value}`)).join("");
}

function xml(options: readonly Shown[]): string {
  return options.map(([name, value]) => (value === undefined ? `<${name}/>` : `<${name}>${value}</${name}>`)).join("");
}
