/** Random rulesets, as iptables-save text, that the kernel loads. */
import { HEADER_MATCHES } from "./match-header.ts";
import { TIME_MATCHES, TRACKING_MATCHES } from "./match-tracking.ts";
import { TRANSPORT_MATCHES } from "./match-transport.ts";
import { MORE_MATCHES, MORE_TIME_MATCHES, MORE_TRACKING_MATCHES } from "./match-more.ts";
import type { Hook, Maker, Piece, Place, TableName, Tier } from "./piece.ts";
import { anyPrefix } from "./pools.ts";
import type { Random } from "./random.ts";
import { interfaceName, TARGETS } from "./target.ts";

/** One rule: its words without `-A CHAIN`, and what it exercises. */
export interface GeneratedRule {
  readonly chain: string;
  readonly text: string;
  readonly covers: readonly string[];
}

export interface GeneratedTable {
  readonly name: TableName;
  /** Chain names in order; built-in chains with a policy, user chains with "-". */
  readonly chains: readonly { readonly name: string; readonly policy: string }[];
  readonly rules: readonly GeneratedRule[];
}

const HOOKS: Readonly<Record<TableName, readonly Hook[]>> = {
  raw: ["PREROUTING", "OUTPUT"],
  mangle: ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"],
  nat: ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"],
  filter: ["INPUT", "FORWARD", "OUTPUT"],
  security: ["INPUT", "FORWARD", "OUTPUT"],
};

/** How a ruleset treats connections: without tracking, with it, or with NAT as well. */
type Style = "stateless" | "stateful" | "nat";

/** Five tables with rules: all five always, because the kernel has them all once any case has had them. */
export function generateRuleset(random: Random, family: 4 | 6, tier: Tier, without: ReadonlySet<string> = new Set()): GeneratedTable[] {
  const drawn = random.weighted<Style>([
    [2, "stateless"],
    [4, "stateful"],
    [4, "nat"],
  ]);
  const style = tier === "stateless" ? "stateless" : drawn;
  const size = random.pick([1, 2, 3, 5]);
  return (["raw", "mangle", "nat", "filter", "security"] as const).map(name => {
    const wanted = name === "filter" || (name === "nat" ? style === "nat" : random.oneIn(name === "mangle" ? 2 : 3));
    return generateTable(random, name, { family, tier, without }, wanted ? size : 0, style);
  });
}

/** The text that iptables-restore takes. */
export function rulesetText(tables: readonly GeneratedTable[]): string {
  return tables
    .map(table => {
      const chains = table.chains.map(chain => `:${chain.name} ${chain.policy} [0:0]\n`).join("");
      const rules = table.rules.map(rule => `-A ${rule.chain} ${rule.text}\n`).join("");
      return `*${table.name}\n${chains}${rules}COMMIT\n`;
    })
    .join("");
}

interface UserChain {
  readonly name: string;
  readonly hooks: readonly Hook[];
}

function generateTable(
  random: Random,
  name: TableName,
  taste: Pick<Place, "family" | "tier" | "without">,
  size: number,
  style: Style,
): GeneratedTable {
  const users: UserChain[] = [];
  const count = size === 0 ? 0 : random.below(4);
  for (let index = 0; index < count; index++) users.push({ name: `${name[0]}${index}`, hooks: random.some(HOOKS[name], 1, 3) });
  const chains = HOOKS[name].map(hook => ({
    name: hook as string,
    policy: size === 0 || name === "nat" || !random.oneIn(6) ? "ACCEPT" : "DROP",
  }));
  const rules: GeneratedRule[] = [];
  const context = { ...taste, table: name };
  if (size > 0) {
    for (const hook of HOOKS[name]) {
      const reachable = users.filter(user => user.hooks.includes(hook));
      for (let left = random.below(size * 2 + 1); left > 0; left--)
        rules.push(generateRule(random, hook, { ...context, hooks: [hook] }, reachable, style));
    }
    for (const [index, user] of users.entries()) {
      const reachable = users.slice(index + 1).filter(other => user.hooks.every(hook => other.hooks.includes(hook)));
      for (let left = random.below(size + 2); left > 0; left--)
        rules.push(generateRule(random, user.name, { ...context, hooks: user.hooks }, reachable, style));
    }
  }
  return { name, chains: [...chains, ...users.map(user => ({ name: user.name, policy: "-" }))], rules };
}

function generateRule(
  random: Random,
  chain: string,
  where: Omit<Place, "protocol">,
  jumps: readonly UserChain[],
  style: Style,
): GeneratedRule {
  const header = generateHeader(random, chain, where);
  const place: Place = { ...where, protocol: header.protocol };
  const pieces: Piece[] = [header];
  const used = new Set<string>();
  for (let wanted = random.pick([0, 1, 1, 1, 2, 3]); wanted > 0; wanted--) {
    const makers = matchesFor(place, style).filter(maker => !used.has(maker.name));
    if (makers.length === 0) break;
    const maker = random.weighted(makers.map(one => [one.weight, one] as const));
    used.add(maker.name);
    pieces.push(maker.make(random, place));
  }
  pieces.push(generateTarget(random, place, jumps, style, used, pieces));
  return {
    chain,
    text: pieces
      .map(piece => piece.text)
      .filter(text => text !== "")
      .join(" "),
    covers: pieces.flatMap(piece => piece.covers),
  };
}

function matchesFor(place: Place, style: Style): Maker[] {
  const makers = [
    ...TRANSPORT_MATCHES,
    ...HEADER_MATCHES,
    ...MORE_MATCHES,
    ...(style === "stateless" ? [] : [...TRACKING_MATCHES, ...MORE_TRACKING_MATCHES]),
    ...(place.tier === "time" ? [...TIME_MATCHES, ...MORE_TIME_MATCHES] : []),
  ];
  return makers.filter(maker => maker.allowed(place) && !place.without.has(maker.name));
}

function generateTarget(
  random: Random,
  place: Place,
  jumps: readonly UserChain[],
  style: Style,
  used: Set<string>,
  pieces: Piece[],
): Piece {
  if (jumps.length > 0 && random.oneIn(3)) {
    const flag = random.oneIn(3) ? "-g" : "-j";
    return { text: `${flag} ${random.pick(jumps).name}`, covers: [flag === "-g" ? "goto" : "jump"] };
  }
  const makers = TARGETS.filter(
    maker =>
      maker.allowed(place) &&
      !place.without.has(maker.name) &&
      !(maker.name === "NPT" && used.has("iprange")) &&
      !(style === "stateless" && (maker.name === "CONNMARK" || maker.name === "CT")),
  );
  const maker = random.weighted(makers.map(one => [one.weight, one] as const));
  if (maker.name === "TCPMSS") {
    // The kernel wants to see the rule limited to SYN packets: xt_TCPMSS.c, tcpmss_tg4_check.
    if (used.has("tcp")) return { text: "-j ACCEPT", covers: ["ACCEPT"] };
    pieces.push({ text: "-m tcp --tcp-flags SYN,RST SYN", covers: ["tcp --tcp-flags"] });
  }
  return maker.make(random, place);
}

function generateHeader(random: Random, chain: string, where: Omit<Place, "protocol">): Piece & { readonly protocol: string } {
  const words: string[] = [];
  const covers: string[] = [];
  const add = (option: string, value: string): void => {
    const inverted = random.oneIn(4);
    words.push(`${inverted ? "! " : ""}${option}${value === "" ? "" : ` ${value}`}`);
    covers.push(`${inverted ? "! " : ""}${option}`);
  };
  if (random.oneIn(5)) add("-s", anyPrefix(random, where.family));
  if (random.oneIn(5)) add("-d", anyPrefix(random, where.family));
  if (random.oneIn(6) && chain !== "OUTPUT" && chain !== "POSTROUTING") add("-i", interfaceName(random));
  if (random.oneIn(6) && chain !== "INPUT" && chain !== "PREROUTING") add("-o", interfaceName(random));
  if (where.family === 4 && random.oneIn(14)) add("-f", "");
  const protocol = generateProtocol(random, where.family);
  if (protocol !== "") words.push(protocol.startsWith("!") ? `! -p ${protocol.slice(1)}` : `-p ${protocol}`);
  if (protocol !== "") covers.push(protocol.startsWith("!") ? "! -p" : `-p ${protocol}`);
  return { text: words.join(" "), covers, protocol };
}

function generateProtocol(random: Random, family: 4 | 6): string {
  const icmp = family === 6 ? "icmpv6" : "icmp";
  return random.weighted([
    [9, ""],
    [10, "tcp"],
    [7, "udp"],
    [4, icmp],
    [1, "udplite"],
    [3, "sctp"],
    [1, "47"],
    [1, "all"],
    [1, "!tcp"],
    [1, "!udp"],
    [1, `!${icmp}`],
    [1, "esp"],
    [1, "108"],
    [1, "dccp"],
    [1, family === 6 ? "135" : "ah"],
  ]);
}
