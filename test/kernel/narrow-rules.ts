/** Rules that differ in one thing, for the optimizer to work on. */
import type { Random } from "./generate/random.ts";

const CHAINS = ["INPUT", "FORWARD", "OUTPUT"] as const;

/** Rules that differ in one thing. */
function narrowRule(random: Random, family: 4 | 6): string {
  const host = family === 4 ? `10.99.${random.below(3)}.${random.below(40)}/32` : `fd00:99:${random.below(3)}::${random.below(40)}/128`;
  const net = family === 4 ? `10.99.${random.below(3)}.0/${24 + random.below(8)}` : `fd00:99:${random.below(3)}::/${48 + random.below(60)}`;
  return random.pick([
    `-p tcp -m tcp --dport ${random.pick([20, 21, 22, 25, 53, 80, 443, 40_000])} -j ${random.pick(["ACCEPT", "ACCEPT", "DROP"])}`,
    `-p udp -m udp --dport ${random.pick(["53", "54", "123", "40000", "1:52"])} -j ${random.pick(["ACCEPT", "DROP"])}`,
    `-s ${host} -j ${random.pick(["ACCEPT", "DROP", "DROP", "NFLOG --nflog-prefix y"])}`,
    `-d ${net} -p udp -j ${random.pick(["ACCEPT", "DROP", "RETURN"])}`,
    `-m conntrack --ctstate ${random.pick(["NEW", "RELATED,ESTABLISHED", "INVALID"])} -j ${random.pick(["ACCEPT", "ACCEPT", "DROP", "NFLOG --nflog-prefix z"])}`,
    `-s ${net} -m limit --limit 100/sec -j ${random.pick(["ACCEPT", "NFLOG --nflog-prefix w"])}`,
    `-s ${net} -j MARK --set-xmark 0x${random.below(3)}/0xff`,
    `-m mark --mark 0x${random.below(3)} -j ${random.pick(["ACCEPT", "DROP"])}`,
    `-s ${net}`,
  ]);
}

/**
 * The rules with others among those of filter that can be merged, moved and split. Without `-p all`, which iptables-save does not print.
 */
export function narrowRules(text: string, random: Random, family: 4 | 6): string {
  let table = "";
  return text
    .split("\n")
    .flatMap(line => {
      if (line.startsWith("*")) table = line;
      if (table !== "*filter" || line !== "COMMIT") return [line];
      const chain = random.pick(CHAINS);
      return [...Array.from({ length: random.below(40) }, () => `-A ${chain} ${narrowRule(random, family)}`), line];
    })
    .map(line => line.replace(/ -p all(?= |$)/, ""))
    .join("\n");
}
