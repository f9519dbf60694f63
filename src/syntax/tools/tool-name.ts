import type { Variant } from "../options.ts";
import type { Tool } from "./tool.ts";

const KINDS = { "": "tables", save: "save", restore: "restore", xml: "xml" } as const;

/** Every name that a tool may be called by. */
export const TOOL_NAMES: readonly string[] = [
  ...["iptables", "ip6tables"].flatMap(base =>
    ["", "-nft", "-legacy"].flatMap(variant => ["", "-save", "-restore"].map(kind => base + variant + kind)),
  ),
  "iptables-xml",
  "iptables-legacy-xml",
  "ipset",
];

/** Which tool a name calls, with or without a folder before it; undefined for a stranger. The name's own variant comes before the given one. */
export function toolOf(called: string, otherwise: Variant = "nft"): Tool | undefined {
  const name = called.slice(called.lastIndexOf("/") + 1);
  if (!TOOL_NAMES.includes(name)) return undefined;
  if (name === "ipset") return { called, program: name, kind: "sets", family: 4, variant: otherwise };
  const [base = "", ...words] = name.split("-");
  const variant = words.includes("legacy") ? "legacy" : words.includes("nft") ? "nft" : otherwise;
  const kind = KINDS[(words.findLast(word => word !== "legacy" && word !== "nft") ?? "") as keyof typeof KINDS];
  // Legacy tools know their name; those on nf_tables take the one they are called by.
  const plain = kind === "tables" ? base : `${base}-${kind}`;
  const program = kind === "tables" || variant === "legacy" ? plain : name;
  return { called, program, kind, family: base === "ip6tables" ? 6 : 4, variant: kind === "xml" ? "legacy" : variant };
}

/** `iptables v1.8.9 (nf_tables)` */
export const versionOf = ({ program, variant }: Pick<Tool, "program" | "variant">): string =>
  `${program} v${VERSION} (${variant === "nft" ? "nf_tables" : "legacy"})`;

/** The version of iptables that the tools behave as. */
export const VERSION = "1.8.9";
