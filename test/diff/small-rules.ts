/** Small rulesets of a router over few addresses, ports and interfaces, so that a change is likely to mean something; and packets that meet them. */
import fc from "fast-check";

const ADDRESSES = ["192.168.1.0/24", "192.168.1.5", "203.0.113.0/24", "203.0.113.9", "198.51.100.2", "10.0.0.0/8"];
const PORTS = ["22", "53", "80", "80:443"];

const address = fc.constantFrom(...ADDRESSES);
const port = fc.constantFrom(...PORTS);
const oneOf = (...words: string[]): fc.Arbitrary<string> => fc.constantFrom(...words);

const protocol = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(oneOf("tcp", "udp"), port, oneOf("--dport", "--dport", "--sport"))
      .map(([name, number, which]) => `-p ${name} ${which} ${number}`),
  },
  { weight: 1, arbitrary: oneOf("-p tcp", "-p udp", "-p icmp", "-p icmp --icmp-type 8", "-p tcp --syn", "-p tcp ! --syn", "-p gre") },
);

const match = (chain: string): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.option(protocol, { freq: 3, nil: "" }),
      fc.option(
        address.map(text => `-s ${text}`),
        { freq: 2, nil: "" },
      ),
      fc.option(
        address.map(text => `-d ${text}`),
        { freq: 2, nil: "" },
      ),
      fc.option(
        oneOf("NEW", "ESTABLISHED,RELATED", "INVALID", "RELATED", "NEW,ESTABLISHED").map(states => `-m conntrack --ctstate ${states}`),
        { freq: 3, nil: "" },
      ),
      fc.option(
        oneOf("wan0", "lan0", "! lan0").map(name => {
          const option = chain === "OUTPUT" || chain === "POSTROUTING" ? "-o" : "-i";
          return name.startsWith("!") ? `! ${option} lan0` : `${option} ${name}`;
        }),
        { freq: 2, nil: "" },
      ),
      fc.option(oneOf("-m mark --mark 1", "-m limit --limit 5/min", "-m length --length 0:1000"), { freq: 1, nil: "" }),
    )
    .map(parts => parts.filter(part => part !== "").join(" "));

const rule = (chain: string, targets: readonly string[]): fc.Arbitrary<string> =>
  fc.tuple(match(chain), fc.constantFrom(...targets)).map(([words, target]) => `-A ${chain} ${words} -j ${target}`.replace("  ", " "));

const VERDICTS = ["ACCEPT", "ACCEPT", "DROP", "REJECT", "SVC", 'LOG --log-prefix "x"'];
const policy = oneOf("ACCEPT", "DROP", "DROP");

const rulesOf = (chain: string, targets: readonly string[], most: number): fc.Arbitrary<readonly string[]> =>
  fc.array(rule(chain, targets), { maxLength: most });

/** The lines of a small ruleset: filter, and sometimes nat and mangle. */
export const smallRules: fc.Arbitrary<readonly string[]> = fc
  .tuple(
    fc.tuple(policy, policy, policy),
    rulesOf("INPUT", VERDICTS, 5),
    rulesOf("FORWARD", VERDICTS, 5),
    rulesOf("OUTPUT", VERDICTS, 3),
    rulesOf("SVC", ["ACCEPT", "DROP", "RETURN"], 3),
    fc.boolean(),
    fc.option(rulesOf("PREROUTING", ["MARK --set-mark 1", "DROP"], 2), { freq: 1, nil: [] }),
    fc.option(
      fc.tuple(
        fc.array(
          oneOf(
            "-A PREROUTING -i wan0 -p tcp --dport 80 -j DNAT --to-destination 192.168.1.5:22",
            "-A PREROUTING -p tcp --dport 22 -j REDIRECT --to-ports 80",
          ),
          { maxLength: 2 },
        ),
        fc.array(
          oneOf("-A POSTROUTING -o wan0 -j MASQUERADE", "-A POSTROUTING -s 192.168.1.0/24 -o wan0 -j SNAT --to-source 198.51.100.2"),
          { maxLength: 1 },
        ),
      ),
      { freq: 1, nil: undefined },
    ),
  )
  .map(([policies, input, forward, output, service, stateful, mangle, nat]) => {
    const known = "-m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT";
    const start = stateful ? ["INPUT", "FORWARD", "OUTPUT"].map(chain => `-A ${chain} ${known}`) : [];
    return [
      ...(mangle.length > 0 ? ["*mangle", ...mangle, "COMMIT"] : []),
      ...(nat ? ["*nat", ...nat.flat(), "COMMIT"] : []),
      "*filter",
      ...["INPUT", "FORWARD", "OUTPUT"].map((chain, index) => `:${chain} ${policies[index] ?? "DROP"} [0:0]`),
      ":SVC - [0:0]",
      ...start,
      ...input,
      ...forward,
      ...output,
      ...service,
      "COMMIT",
    ];
  });

/** A change of one line: dropped, doubled, moved down, its verdict or policy turned. */
export interface Plan {
  readonly at: number;
  readonly how: "drop" | "swap" | "turn" | "add";
  readonly rule: string;
}

export const plan: fc.Arbitrary<Plan> = fc.record({
  at: fc.nat(),
  how: fc.constantFrom("drop", "swap", "turn", "add"),
  rule: fc.constantFrom("INPUT", "FORWARD", "OUTPUT").chain(chain => rule(chain, ["ACCEPT", "DROP", "REJECT"])),
});

/** The lines after the change. */
export function changed(lines: readonly string[], { at, how, rule: added }: Plan): readonly string[] {
  const filter = lines.indexOf("*filter");
  const places = [...lines.keys()].filter(
    index => index > filter && (lines[index]?.startsWith("-A") === true || /^:[A-Z]+ (ACCEPT|DROP)/.test(lines[index] ?? "")),
  );
  const index = places[at % places.length] ?? filter + 1;
  const line = lines[index] ?? "";
  if (how === "add") return lines.toSpliced(line.startsWith(":") ? lines.length - 1 : index, 0, added);
  if (how === "turn" || line.startsWith(":")) return lines.with(index, turned(line));
  if (how === "drop") return lines.toSpliced(index, 1);
  const next = lines[index + 1] ?? "";
  return next.startsWith("-A") ? lines.toSpliced(index, 2, next, line) : lines.toSpliced(index, 1);
}

const turned = (line: string): string =>
  line.includes("ACCEPT")
    ? line.replace("ACCEPT", "DROP")
    : line.includes("REJECT")
      ? line.replace("REJECT", "DROP")
      : line.replace("DROP", "ACCEPT");

/** Packets and sessions of the router, in the notation. */
export const PACKETS: readonly string[] = [
  ...["22", "53", "80", "200", "7"].flatMap(to =>
    ["40000", "80", "53"].flatMap(from => [
      `session tcp 203.0.113.9:${from} > 198.51.100.2:${to} syn in wan0`,
      `session udp 203.0.113.9:${from} > 198.51.100.2:${to} in wan0`,
      `session tcp 192.168.1.5:${from} > 192.168.1.1:${to} syn in lan0`,
      `session tcp 192.168.1.5:${from} > 203.0.113.9:${to} syn in lan0`,
      `session udp 192.168.1.77:${from} > 203.0.113.77:${to} in lan0`,
      `session tcp 203.0.113.9:${from} > 192.168.1.5:${to} syn in wan0`,
      `session tcp 198.51.100.2:${from} > 203.0.113.9:${to} syn`,
      `session udp 192.168.1.1:${from} > 192.168.1.5:${to}`,
      `session tcp 198.51.100.2:${from} > 192.168.1.1:${to} syn`,
      `tcp 203.0.113.9:${from} > 198.51.100.2:${to} ack in wan0`,
      `tcp 203.0.113.9:${from} > 192.168.1.5:${to} ack in wan0`,
      `tcp 203.0.113.9:${from} > 198.51.100.2:${to} syn+ack in wan0 ct INVALID`,
    ]),
  ),
  "session icmp 203.0.113.9 > 198.51.100.2 echo-request in wan0",
  "session icmp 192.168.1.5 > 203.0.113.9 echo-request in lan0",
  "session gre 203.0.113.9 > 198.51.100.2 in wan0",
  "icmp 203.0.113.9 > 198.51.100.2 3/1 in wan0 ct RELATED",
  "tcp 203.0.113.9:40000 > 198.51.100.2:22 syn in wan0 ct RELATED",
];
