import type { Reading } from "../work/outline.ts";

let known: { readonly reading: Reading; readonly names: readonly string[] } | undefined;

/** Interfaces of the machine, and those that rules name, by name; found once for each reading. */
export function interfacesIn(reading: Reading | undefined): readonly string[] {
  if (reading === undefined) return [];
  if (known?.reading === reading) return known.names;
  const names = new Set(reading.interfaces);
  for (const { chains } of reading.tables)
    for (const { rules } of chains)
      for (const { text } of rules) for (const [, name = ""] of text.matchAll(/ -[io] (\S+)/g)) names.add(name);
  known = { reading, names: [...names].toSorted() };
  return known.names;
}

/** Names of the sets of a text that `ipset save` wrote. */
export function setNames(text: string): readonly string[] {
  return [...text.matchAll(/^create (\S+)/gm)].map(([, name = ""]) => name);
}
