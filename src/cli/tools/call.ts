import { basename } from "node:path";

/** A tool that was called, and with what. */
export interface ToolCall {
  readonly name: string;
  readonly argv: readonly string[];
}

const FAMILIES = ["iptables", "ip6tables"];
const NAMES: ReadonlySet<string> = new Set([
  ...FAMILIES.flatMap(base => ["", "-nft", "-legacy"].flatMap(variant => ["", "-save", "-restore"].map(kind => base + variant + kind))),
  "iptables-xml",
  "iptables-legacy-xml",
  "ipset",
]);

/** Every name by which the tools can be called. It is known here without loading them. */
export const CALL_NAMES: readonly string[] = [...NAMES];

/** The tool that a process is: by the name its program was called by, or by the first argument. Undefined for any other command. */
export function toolCall(program: string | undefined, argv: readonly string[]): ToolCall | undefined {
  const called = basename(program ?? "").replace(/\.[cm]?[jt]s$/, "");
  if (NAMES.has(called)) return { name: called, argv };
  const [name = "", ...rest] = argv;
  return NAMES.has(name) ? { name, argv: rest } : undefined;
}
