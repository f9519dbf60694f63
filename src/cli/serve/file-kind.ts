import type { FileKind } from "../../report/serve/index.ts";
import { kindOf } from "../../syntax/index.ts";

const NAMES: Readonly<Record<string, FileKind>> = {
  rules: "save",
  v4: "save",
  v6: "save",
  save: "save",
  iptables: "save",
  ip6tables: "save",
  ipset: "sets",
  ipsets: "sets",
  sh: "script",
};

/** What a file holds, by its text (or the beginning of it) and its name; undefined for nothing that the page knows. */
export function fileKind(name: string, whole: string): FileKind | undefined {
  const text = whole.startsWith("\ufeff") ? whole.slice(1) : whole;
  const kind = kindOf(text, name);
  if (kind !== "unknown") return kind;
  if (/^\s*\{/.test(text) && /"ferrule"\s*:\s*"host"/.test(text)) return "host";
  if (/^create \S+ \w+:\w/m.test(text)) return "sets";
  return byName(name);
}

/** What a file is for, by its name's end alone. */
export function byName(name: string): FileKind | undefined {
  const extension = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  return Object.hasOwn(NAMES, extension) ? NAMES[extension] : undefined;
}

/** Names that a new file may have: what it then holds is read as text, and run by nobody. */
export const isNewName = (name: string): boolean => ["save", "sets"].includes(byName(name) ?? "") || /\.(?:json|txt)$/i.test(name);

/** Why a file of a kind is not overwritten; undefined for those that are. */
export function whyReadOnly(kind: FileKind | undefined): string | undefined {
  switch (kind) {
    case "save":
    case "specs":
    case "sets":
    case "host":
      return undefined;
    case "script":
      return "a firewall script is not edited here: the page shows the rules that it makes";
    case "list":
      return "a listing leaves things out, so what is edited here would not be the rules that it was made from";
    case undefined:
      return "this file is neither rules nor sets nor a host";
  }
}
