import { maskLength, printAddress, protocolName } from "../packet/index.ts";
import type { Family, Scalar } from "../predicate/index.ts";
import { emptyRuleset, references, type AddressTest, type Chain, type InterfaceTest, type Rule, type Ruleset } from "../ruleset/index.ts";
import { UsageError, type Backend, type Listing, type NameTables, type TableName } from "../xtables/index.ts";
import { defaultNames } from "./names.ts";
import { printCount } from "./print-list-count.ts";
import { debianHostName } from "./print-list-hosts.ts";

/** How to list, by iptables' own options. */
export interface ListOptions {
  /** -v: interfaces and counters. */
  readonly verbose?: boolean | undefined;
  /** -n: addresses, ports and protocols stay numbers. */
  readonly numeric?: boolean | undefined;
  /** -x: counters in full instead of K, M, G and T. */
  readonly exact?: boolean | undefined;
  /** --line-numbers. */
  readonly lineNumbers?: boolean | undefined;
  /** Only this chain. */
  readonly chain?: string | undefined;
  /** Only this rule of the chain, from 1, and then without any heading. */
  readonly number?: number | undefined;
  readonly names?: NameTables | undefined;
  readonly variant?: Backend | undefined;
  /** The name of a host or network address for listings without -n; by default what a fresh Debian knows. */
  readonly hostName?: ((address: Scalar, family: Family) => string | undefined) | undefined;
}

/**
 * One table as `iptables -L` of 1.8.9 (legacy) prints it, byte for byte; a table that is not there lists its empty built-in chains.
 * Throws UsageError when the chain does not exist. iptables: iptables.c, list_entries and print_firewall.
 */
export function printList(ruleset: Ruleset, table: TableName, options: ListOptions = {}): string {
  const { family } = ruleset;
  const chains = (ruleset.tables.get(table) ?? emptyRuleset(family, [table]).tables.get(table))?.chains ?? new Map<string, Chain>();
  const shown = options.chain === undefined ? [...chains.values()] : [chains.get(options.chain) ?? noChain()];
  const style: Style = {
    ...options,
    family,
    hostName: options.hostName ?? debianHostName,
    listing: {
      numeric: options.numeric ?? false,
      names: options.names ?? defaultNames,
      ...(options.variant && { variant: options.variant }),
    },
  };
  if (options.number !== undefined) {
    const rule = shown[0]?.rules[options.number - 1];
    return rule ? `${row(rule, options.number, style)}\n` : "";
  }
  const counts = references(chains.values());
  const blocks = shown.map(chain => {
    const lines = [chainLine(chain, counts.get(chain.name) ?? 0, style), columnLine(style)];
    for (const [index, rule] of chain.rules.entries()) lines.push(row(rule, index + 1, style));
    return `${lines.join("\n")}\n`;
  });
  return blocks.join("\n");
}

interface Style extends ListOptions {
  readonly family: Family;
  readonly listing: Listing;
  readonly hostName: (address: Scalar, family: Family) => string | undefined;
}

function noChain(): never {
  throw new UsageError("No chain/target/match by that name.", { status: 1 });
}

function chainLine({ name, policy, counters }: Chain, count: number, { verbose, exact }: Style): string {
  if (policy === undefined) return `Chain ${name} (${count} references)`;
  if (!verbose) return `Chain ${name} (policy ${policy})`;
  const [packets, bytes] = [counters.packets, counters.bytes].map(value => printCount(value, exact ? "exact" : "bare"));
  return `Chain ${name} (policy ${policy} ${packets} packets, ${bytes} bytes)`;
}

function columnLine({ verbose, exact, lineNumbers }: Style): string {
  const counters = exact ? "    pkts      bytes " : " pkts bytes ";
  return `${lineNumbers ? "num  " : ""}${verbose ? counters : ""}target     prot opt ${verbose ? "in     out     " : ""}source               destination         `;
}

/** Protocols whose names iptables knows by itself. libxtables: xtables_chain_protos. */
const NAMED: ReadonlySet<number> = new Set([0, 1, 6, 17, 50, 51, 58, 132, 135, 136]);

/** A rule on a line of its own, as -v shows what -A, -I, -R, -D and -C are about. iptables: print_rule_details with FMT_PRINT_RULE. */
export function printRuleLine(rule: Rule, family: Family, variant: Backend, names: NameTables = defaultNames): string {
  const style: Style = { family, numeric: true, hostName: () => undefined, listing: { numeric: true, names, variant } };
  const { protocol, fragment, inInterface, outInterface, source, destination } = rule.header;
  return (
    `${targetName(rule)} ${protocol?.invert ? "!" : " "}${protocolText(protocol?.number ?? 0, !NAMED.has(protocol?.number ?? 0))} ` +
    `opt ${fragment?.invert ? "!" : "-"}${fragment ? "f" : "-"} ` +
    `in ${interfaceText(inInterface, true)} out ${interfaceText(outInterface, true)} ` +
    `${source?.invert ? "!" : " "}${addressText(source, style)} ${destination?.invert ? "!" : " "}-> ${addressText(destination, style)}  ` +
    extensionTexts(rule, style.listing)
  );
}

function row(rule: Rule, number: number, style: Style): string {
  const { header, counters } = rule;
  const { verbose, exact, lineNumbers, numeric } = style;
  const { protocol, fragment } = header;
  let line = lineNumbers ? `${String(number).padEnd(4)} ` : "";
  if (verbose)
    line += [counters.packets, counters.bytes].map(value => `${exact ? String(value).padStart(8) : printCount(value, "column")} `).join("");
  line += `${targetName(rule).padEnd(9)} ${protocol?.invert ? "!" : " "}${protocolText(protocol?.number ?? 0, numeric).padEnd(4)} `;
  line += `${fragment?.invert ? "!" : "-"}${fragment ? "f" : "-"} `;
  if (verbose) line += ` ${interfaceText(header.inInterface, numeric).padEnd(6)} ${interfaceText(header.outInterface, numeric).padEnd(6)} `;
  line += [header.source, header.destination].map(test => `${test?.invert ? "!" : " "}${addressText(test, style).padEnd(19)} `).join("");
  return line + extensionTexts(rule, style.listing);
}

/** Targets that are listed under another name than they are saved under: they are revisions of it. libxtables: xtables_target.real_name. */
const LISTED_AS: ReadonlyMap<string, string> = new Map([["NOTRACK", "CT"]]);

function targetName({ target }: Rule): string {
  if (!target) return "";
  return target.type ? (LISTED_AS.get(target.name) ?? target.name) : target.name;
}

function extensionTexts({ matches, target }: Rule, listing: Listing): string {
  const spaced = (text: string): string => (text === "" ? "" : ` ${text}`);
  const texts = matches.map(match => (match.type.listsGlued ? match.list(listing) : spaced(match.list(listing))));
  const does = target?.action.do;
  if (target && does !== "jump" && does !== "goto") texts.push(spaced(target.list(listing)));
  return (does === "goto" ? "[goto] " : "") + texts.join("");
}

function protocolText(number: number, numeric: boolean | undefined): string {
  if (numeric) return String(number);
  return number === 0 ? "all" : (protocolName(number) ?? String(number));
}

function interfaceText(test: InterfaceTest | undefined, numeric: boolean | undefined): string {
  if (!test) return numeric ? "*" : "any";
  return `${test.invert ? "!" : ""}${test.name}${test.wildcard ? "+" : ""}`;
}

function addressText(test: AddressTest | undefined, { family, numeric, hostName }: Style): string {
  const { address, mask, name } = test ?? { address: family === 4 ? 0 : 0n, mask: family === 4 ? 0 : 0n };
  const length = maskLength(mask);
  // ip6tables looks at the address alone. ip6tables.c, print_ipv6_addresses: `::/8` is anywhere too.
  if (!numeric && (length === 0 || (address === 0n && name === undefined))) return "anywhere";
  const suffix = length === (family === 4 ? 32 : 128) ? "" : `/${length ?? printAddress(mask)}`;
  return (name ?? (numeric ? undefined : hostName(address, family)) ?? printAddress(address)) + suffix;
}
