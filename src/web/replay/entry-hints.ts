import { parsePrefix4, parsePrefix6 } from "../../packet/index.ts";
import type { ComesFrom, EntryHints } from "../../report/index.ts";
import type { EntryWords } from "./played.ts";

/** Where packets come in, as it was written; or what is wrong with it. */
export function entryHints({ device, networks }: EntryWords): { readonly hints: EntryHints } | { readonly fault: string } {
  const from: ComesFrom[] = [];
  for (const [index, line] of networks.split("\n").entries()) {
    const text = line.trim();
    if (text === "") continue;
    const at = text.lastIndexOf("=");
    const [network, name] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
    if (at < 1 || name === "") return { fault: `line ${index + 1}: expected NETWORK=INTERFACE, such as 192.168.0.0/16=lan0` };
    const read = network.includes(":") ? parsePrefix6(network) : parsePrefix4(network);
    if ("bad" in read)
      return { fault: `line ${index + 1}: "${read.text}" is not ${read.bad === "mask" ? "a prefix length" : "an address"}` };
    from.push({ prefix: read.prefix, device: name });
  }
  const name = device.trim();
  return { hints: { ...(name !== "" && { in: name }), ...(from.length > 0 && { from }) } };
}
