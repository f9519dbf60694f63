import { HOOKS } from "../../xtables/index.ts";
import type { Chain, Rule, Ruleset } from "../../ruleset/index.ts";
import { hooksOf } from "../../ruleset/index.ts";
import { tracks } from "../../symbolic/index.ts";
import type { Finding } from "../finding.ts";
import { found } from "./found.ts";
import { chainPointer, rulePointer, type Subject } from "./subject.ts";

/** F34: refusals outside the tables that are made for them. One finding for each chain. */
export function wrongTables({ family, ruleset }: Subject): Finding[] {
  const findings: Finding[] = [];
  for (const name of ["mangle", "nat"] as const) {
    const chains = ruleset.tables.get(name)?.chains;
    if (chains === undefined) continue;
    const hooks = hooksOf(chains);
    const [closed, ...others] = [...chains.values()].filter(({ policy }) => policy === "DROP");
    if (closed)
      findings.push(
        found("F34", chainPointer(family, name, closed), policyMessage(name, [closed, ...others], tracks(ruleset)), {
          severity: name === "nat" && !tracks(ruleset) ? "warning" : "error",
          related: others.map(chain => chainPointer(family, name, chain)),
          fix: {
            about: "set the policy to ACCEPT",
            edits: [closed, ...others].map(chain => ({ do: "policy", table: name, chain: chain.name, policy: "ACCEPT" })),
          },
        }),
      );
    for (const chain of chains.values()) {
      const numbers = chain.rules.flatMap((rule, index) => (refuses(rule) ? [index + 1] : []));
      const [first] = numbers;
      // Early refusal in mangle PREROUTING is a known craft: floods and impossible packets.
      if (first === undefined || name === "nat" || [...(hooks.get(chain.name) ?? [])].every(hook => hook === "PREROUTING")) continue;
      const at = rulePointer(family, { table: name, chain, number: first, rule: chain.rules[first - 1] as Rule });
      const count = numbers.length === 1 ? "a rule" : `${numbers.length} rules`;
      findings.push(
        found("F34", at, `${count} of ${chain.name} in ${name} refuse packets: whoever reads the filter table does not see that`),
      );
    }
  }
  return findings;
}

const refuses = ({ target }: Rule): boolean => target?.action.do === "drop" || target?.action.do === "reject";

/** nat is asked about connections only: where nothing tracks them, no packet meets its policy. Kernel: nf_nat_core.c, nf_nat_inet_fn. */
function policyMessage(table: string, chains: readonly Chain[], tracked: boolean): string {
  const names = chains.map(({ name }) => name).join(", ");
  const [policy, drops] = chains.length === 1 ? ["the policy of", "drops"] : ["the policies of", "drop"];
  if (table !== "nat") return `${policy} ${names} in ${table} ${drops} whatever no rule there accepts, whatever the filter table says`;
  const what = "the first packet of every connection that no rule translates or accepts, and nothing of connections that are open";
  return `${policy} ${names} in nat ${drops} ${what}${tracked ? "" : "; no rule here tracks connections, so that nothing comes to it yet"}`;
}

/** F35: rules of both backends at once. */
export function twoBackends({ family, ruleset, beside }: Subject): Finding[] {
  if (beside === undefined) return [];
  const [mine, theirs] = [firstEffect(ruleset), firstEffect(beside)];
  if (mine === undefined || theirs === undefined) return [];
  const pointer = ({ table, chain, number }: Effect) =>
    number === undefined
      ? chainPointer(family, table, chain)
      : rulePointer(family, { table, chain, number, rule: chain.rules[number - 1] as Rule });
  const count = [...beside.tables.values()].reduce(
    (sum, { chains }) => sum + [...chains.values()].reduce((rules, chain) => rules + chain.rules.length, 0),
    0,
  );
  return [
    found(
      "F35",
      pointer(theirs),
      `the other backend has ${count === 1 ? "1 rule" : `${count} rules`} of its own, and a packet must pass both`,
      {
        related: [pointer(mine)],
      },
    ),
  ];
}

interface Effect {
  readonly table: Parameters<typeof chainPointer>[1];
  readonly chain: Chain;
  readonly number: number | undefined;
}

/** The first rule in a built-in chain, or the first policy that drops. */
function firstEffect({ tables }: Ruleset): Effect | undefined {
  for (const { name: table, chains } of tables.values()) {
    for (const hook of HOOKS) {
      const chain = chains.get(hook);
      if (chain === undefined) continue;
      if (chain.rules.length > 0) return { table, chain, number: 1 };
      if (chain.policy === "DROP") return { table, chain, number: undefined };
    }
  }
  return undefined;
}
