/** The same rules by way of our nft form: iptables-save text is translated, and nft loads it. */
import { readRules } from "../../src/syntax/index.ts";
import { printNft } from "../../src/syntax/nft/index.ts";
import { run } from "./command.ts";
import type { CounterMap } from "./referee.ts";
import { EMPTY_RULES, IPTABLES, type RuleLoader } from "./rules.ts";

const tableOf = (family: 4 | 6): string => `${family === 4 ? "ip" : "ip6"} ferrule`;

/** Lines of the text (from 1) that nft cannot say, with the reason. */
export function unsaidLines(family: 4 | 6, rules: string): ReadonlyMap<number, string> {
  const { ruleset } = readRules(rules, "rules", { family });
  const { faults } = printNft(ruleset ? [ruleset] : [], { named: true });
  return new Map(faults.map(({ line, message }) => [line, message]));
}

/** Loads rules as `nft -f` takes them, with the kernel's iptables tables emptied. */
export const NFT: RuleLoader = {
  load(family, rules) {
    const emptied = IPTABLES.load(family, EMPTY_RULES);
    if (emptied !== undefined) return emptied;
    const { ruleset, faults } = readRules(rules, "rules", { family });
    if (ruleset === undefined) return faults[0]?.message ?? "no rules";
    const printed = printNft([ruleset], { named: true });
    if (printed.faults.length > 0) return printed.faults[0]?.message;
    const ran = run("nft", ["-f", "-"], printed.text);
    return ran.status === 0 ? undefined : `${ran.stderr.trim()}\n${printed.text}`;
  },
  counters(family): CounterMap {
    const ran = run("nft", ["-j", "list", "counters", "table", ...tableOf(family).split(" ")]);
    // nft 1.0 now and then dies in a listing.
    if (ran.status !== 0) throw new Error(`nft list counters: ${ran.stderr}`);
    const listed = JSON.parse(ran.stdout) as {
      readonly nftables: readonly { readonly counter?: { readonly name: string; readonly packets: number; readonly bytes: number } }[];
    };
    const counters = new Map<string, readonly [number, number]>();
    for (const { counter } of listed.nftables) {
      const [, table, chain, number] = /^([a-z]+)_(.+)\.(\d+)$/.exec(counter?.name ?? "") ?? [];
      if (counter && table !== undefined) counters.set(`${table}/${chain}/${number}`, [counter.packets, counter.bytes]);
    }
    return counters;
  },
};

/** Takes the translated tables out of the kernel again. */
export function unloadNft(family: 4 | 6): void {
  run("nft", ["delete", "table", ...tableOf(family).split(" ")]);
}
