import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { confirm } from "../../src/analysis/confirm/index.ts";
import type { Firewall } from "../../src/analysis/model.ts";
import { policyOf } from "../../src/analysis/policy/index.ts";
import type { PolicyReport, PolicyRow, PolicySection } from "../../src/analysis/policy-report.ts";
import type { Path, Ranges, Witness } from "../../src/analysis/witness.ts";
import { hostFromFlags } from "../../src/host/index.ts";
import { printNotation, type PacketSpec } from "../../src/packet/index.ts";
import { readSave } from "../../src/syntax/index.ts";

const ALL = { rows: 10_000, witnesses: { usable: 10_000, halfOpen: 10_000, other: 10_000 } };

function firewall(rules: string, host?: Firewall["host"]): Firewall {
  const text = rules.includes("*") ? rules : `*filter\n${rules}COMMIT\n`;
  const { ruleset, faults } = readSave(text, "rules", { family: 4 });
  if (ruleset === undefined) throw new Error(faults[0]?.message);
  return { v4: ruleset, host };
}

/** The report, and what the engine would not show. */
function policy(
  rules: string,
  paths: readonly Path[],
  host?: Firewall["host"],
): { readonly report: PolicyReport; readonly unproven: string[] } {
  const unproven: string[] = [];
  const report = policyOf(firewall(rules, host), {
    ...ALL,
    paths,
    unproven: ({ packet, claim, role }, reason) => unproven.push(`${packet} ${claim} ${role ?? ""}: ${reason}`),
  });
  return { report, unproven };
}

const rowText = ({ services, from, to, in: input, out: output, certainty, fails, becomes }: PolicyRow): string =>
  [
    services.map(({ name }) => name).join(" + "),
    `${from} > ${to}`,
    ...(input ? [`in ${input.join(" ")}`] : []),
    ...(output ? [`out ${output.join(" ")}`] : []),
    ...(certainty.sure ? [] : [`if ${certainty.depends.join(" & ")}`]),
    ...(becomes ? [becomes.join(" ")] : []),
    ...(fails ? [`${fails.role} by ${fails.by?.chain} ${fails.by?.number ?? "policy"}`] : []),
  ].join(" | ");

const STATEFUL =
  ":INPUT DROP\n:FORWARD DROP\n:OUTPUT ACCEPT\n-A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT\n-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT\n";
const { value: gateway } = hostFromFlags({
  interfaces: ["wan0=198.51.100.2/24", "lan0=192.168.1.1/24"],
  routes: ["default via 198.51.100.1 dev wan0"],
  sysctls: ["net.ipv4.ip_forward=1"],
});

test.each<[string, string, Path, readonly string[], readonly string[]]>([
  ["one service", `${STATEFUL}-A INPUT -p tcp --dport 22 -j ACCEPT\n`, "in", ["ssh (tcp 22) | anywhere > self"], []],
  ["nothing", STATEFUL, "in", [], []],
  ["everything", ":INPUT ACCEPT\n", "in", ["everything | anywhere > self"], []],
  ["everything out", STATEFUL, "out", ["everything | self > anywhere"], []],
  [
    "services and networks overlap, and each row says the least",
    `${STATEFUL}-A INPUT -p tcp --dport 22 -s 10.1.0.0/16 -j ACCEPT\n-A INPUT -s 192.168.1.0/24 -j ACCEPT\n-A INPUT -p tcp -m multiport --dports 80,443 -j ACCEPT\n`,
    "in",
    ["http, https (tcp 80, 443) | anywhere > self", "ssh (tcp 22) | 10.1.0.0/16 > self", "everything | 192.168.1.0/24 > self"],
    [],
  ],
  [
    "names that stand in the way do not count",
    `${STATEFUL}-A INPUT -s 127.0.0.0/8 -j DROP\n-A INPUT -i lo -j ACCEPT\n-A INPUT -p udp --dport 53 -j ACCEPT\n`,
    "in",
    ["dns (udp 53) | anywhere > self"],
    [],
  ],
  [
    "TCP and UDP alike",
    `${STATEFUL}-A INPUT -p tcp --dport 53 -j ACCEPT\n-A INPUT -p udp --dport 53 -j ACCEPT\n`,
    "in",
    ["dns (tcp+udp 53) | anywhere > self"],
    [],
  ],
  [
    "interfaces",
    `${STATEFUL}-A INPUT -i eth+ -p tcp --dport 22 -j ACCEPT\n-A INPUT ! -i wan0 -p tcp --dport 80 -j ACCEPT\n`,
    "in",
    ["http (tcp 80) | anywhere > self | in eth+ other", "ssh (tcp 22) | anywhere > self | in eth+"],
    [],
  ],
  [
    "a limit",
    `${STATEFUL}-A INPUT -p tcp --dport 22 -m limit --limit 5/min -j ACCEPT\n`,
    "in",
    ["ssh (tcp 22) | anywhere > self | if limit: avg 5/min burst 5"],
    [],
  ],
  ["ping alone", `${STATEFUL}-A INPUT -p icmp --icmp-type echo-request -j ACCEPT\n`, "in", ["ping | anywhere > self"], []],
  [
    "answers that are lost",
    ":INPUT ACCEPT\n:OUTPUT DROP\n-A OUTPUT -p tcp --sport 80 -j ACCEPT\n",
    "in",
    ["http (tcp 80) | anywhere > self"],
    ["tcp all but 80 + every protocol but tcp | anywhere > self | answer by OUTPUT policy"],
  ],
  [
    "a source port that opens everything",
    `${STATEFUL}-A INPUT -p udp --sport 53 -j ACCEPT\n`,
    "in",
    ["udp from port 53 | anywhere > self"],
    [],
  ],
  [
    "source ports that clients have",
    `${STATEFUL}-A INPUT -p tcp --sport 1024:65535 --dport 22 -j ACCEPT\n`,
    "in",
    ["ssh (tcp 22) | anywhere > self"],
    [],
  ],
])("without a host: %s", (_, rules, path, usable, halfOpen) => {
  const { report, unproven } = policy(rules, [path]);
  const [section] = report.sections;
  expect(section?.usable.map(rowText)).toEqual(usable);
  expect(section?.halfOpen.map(rowText)).toEqual(halfOpen);
  expect(unproven).toEqual([]);
});

const GATEWAY = `*nat
-A PREROUTING -i wan0 -p tcp --dport 8080 -j DNAT --to-destination 192.168.1.80:80
-A POSTROUTING -s 192.168.1.0/24 -o wan0 -j MASQUERADE
COMMIT
*filter
:INPUT DROP
:FORWARD DROP
:OUTPUT ACCEPT
-A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
-A INPUT -i lan0 -p udp --dport 53 -j ACCEPT
-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
-A FORWARD -i lan0 -o wan0 -j ACCEPT
-A FORWARD -d 192.168.1.80 -i wan0 -o lan0 -p tcp --dport 80 -j ACCEPT
COMMIT
`;

test("a gateway with its host: networks have the names of interfaces, and NAT is told", () => {
  const { report, unproven } = policy(GATEWAY, ["in", "out", "forward"], gateway);
  const [incoming, outgoing, forwarded] = report.sections;
  expect(incoming?.usable.map(rowText)).toEqual(["dns (udp 53) | lan0's network > self"]);
  expect(outgoing?.usable.map(rowText)).toEqual(["everything | self > anywhere | source of the interface"]);
  expect(forwarded?.usable.map(rowText)).toEqual([
    "http-alt (tcp 8080) | anywhere but lan0's network > anywhere | destination 192.168.1.80:80",
    "http (tcp 80) | anywhere but lan0's network > 192.168.1.80",
    "everything | lan0's network > anywhere but lan0's network | source of the interface",
  ]);
  expect(unproven).toEqual([]);
});

test("services at one place are one row where they overlap, whatever NAT makes of each, and are told by what they lack", () => {
  const { report, unproven } = policy(
    "*nat\n:OUTPUT ACCEPT\n-A OUTPUT -p udp --dport 53 -d 10.0.0.53 -j DNAT --to-destination 10.1.0.53\n" +
      "-A OUTPUT -p tcp --dport 443 -d 10.0.0.80 -j DNAT --to-destination 10.1.0.80:8080\nCOMMIT\n" +
      "*filter\n:OUTPUT ACCEPT\n-A OUTPUT -d 192.0.2.1 -p tcp --dport 80 -j REJECT\nCOMMIT\n",
    ["out"],
  );
  expect(report.sections[0]?.usable.map(rowText)).toEqual([
    "tcp all but 80 + every protocol but tcp | self > anywhere | destination 10.1.0.53 destination 10.1.0.80:8080",
    "everything | self > anywhere but 192.0.2.1 | destination 10.1.0.53 destination 10.1.0.80:8080",
  ]);
  expect(report.summary).toContain(
    "IPv4 out: this machine may open everything but http (tcp 80) to anywhere; besides everything to anywhere but 192.0.2.1.",
  );
  expect(unproven).toEqual([]);
});

test.each([
  ["lo", ["http-alt (tcp 8080) | self > 198.51.100.2 | destination 192.168.1.80:80"]],
  ["lan0", ["everything | self > lan0's network"]],
])("OUTPUT sees the interface that a packet set out for, here %s, whatever NAT made of it", (device, rows) => {
  const { report, unproven } = policy(
    "*nat\n:OUTPUT ACCEPT\n-A OUTPUT -d 198.51.100.2 -p tcp --dport 8080 -j DNAT --to-destination 192.168.1.80:80\nCOMMIT\n" +
      `*filter\n:INPUT ACCEPT\n:OUTPUT DROP\n-A OUTPUT -o ${device} -j ACCEPT\nCOMMIT\n`,
    ["out"],
    gateway,
  );
  expect(report.sections[0]?.usable.map(rowText)).toEqual(rows);
  expect(unproven).toEqual([]);
});

const MAC = "02:00:00:00:00:01";
const MANY = Array.from({ length: 9 }, (_, i) => `-A INPUT -p tcp --dport 22 -s 100.100.${100 + i}.128/25 -j ACCEPT\n`).join("");

test.each<[string, string, Path, string]>([
  ["a service", "-A INPUT -p tcp --dport 22 -j ACCEPT\n", "in", "anyone may open ssh (tcp 22) on this machine"],
  ["an address of the machine", "-A INPUT -d 192.0.2.7 -j ACCEPT\n", "in", "everything to 192.0.2.7"],
  [
    "a hardware address",
    `-A INPUT -p tcp --dport 22 -m mac --mac-source ${MAC} -j ACCEPT\n`,
    "in",
    "ssh (tcp 22) with certain hardware addresses",
  ],
  ["many networks", MANY, "in", "ssh (tcp 22) from 100.100.100.128/25 and 8 more"],
  [
    "a source port",
    "-A INPUT -p tcp --dport 22 -j ACCEPT\n-A INPUT -p udp --sport 53 -j ACCEPT\n",
    "in",
    "whoever chooses the right source port may also open udp from port 53 on this machine",
  ],
])("the summary speaks of %s", (_, rules, path, sentence) => {
  const { summary } = policy(`${STATEFUL}${rules}`, [path]).report;
  expect(summary).toContain(`IPv4 ${path}: ${sentence}.`);
});

test("how long later packets are is asked apart from the length of the first", () => {
  const { report } = policy(":INPUT DROP\n:OUTPUT ACCEPT\n-A INPUT -p tcp --dport 22 -m length --length 0:100 -j ACCEPT\n", ["in"]);
  const [section] = report.sections;
  const told = [...(section?.usable ?? []), ...(section?.halfOpen ?? [])].map(row => [row.kind, row.with, row.fails]);
  const lengths = ["certain packet lengths of the client's later packets"];
  expect(told).toEqual([
    ["usable", lengths, undefined],
    ["half-open", lengths, { role: "rest-client", by: expect.objectContaining({ chain: "INPUT", text: "policy DROP" }) }],
  ]);
});

test.each<[string, string, readonly string[]]>([
  [
    "a stateful service that takes any segment",
    `${STATEFUL}-A INPUT -p tcp --dport 22 -j ACCEPT\n`,
    ["mid-stream", "stateless-reply", "invalid", "invalid", "invalid"],
  ],
  ["openers alone", `${STATEFUL}-A INPUT -p tcp --dport 22 -m conntrack --ctstate NEW -m tcp --syn -j ACCEPT\n`, []],
  ["new ones of any shape", `${STATEFUL}-A INPUT -p tcp --dport 22 -m conntrack --ctstate NEW -j ACCEPT\n`, ["mid-stream"]],
  [
    "invalid ones first",
    `${STATEFUL}-A INPUT -m conntrack --ctstate INVALID -j DROP\n-A INPUT -p tcp --dport 22 -j ACCEPT\n`,
    ["mid-stream"],
  ],
  [
    "replies by their port",
    ":INPUT DROP\n-A INPUT -p tcp --sport 80 ! --syn -j ACCEPT\n",
    ["mid-stream", "stateless-reply", "invalid", "invalid", "invalid"],
  ],
])("strays: %s", (_, rules, kinds) => {
  const { report, unproven } = policy(rules, ["in"]);
  expect(report.sections[0]?.strays.map(({ kind }) => kind)).toEqual(kinds);
  expect(unproven).toEqual([]);
});

test("strays: a source port that opens everything, and forged sources where the host is known", () => {
  const rules = `${STATEFUL}-A INPUT -p udp --sport 53 -j ACCEPT\n-A INPUT -s 192.168.1.0/24 -p tcp --dport 22 --syn -j ACCEPT\n`;
  const told = (host?: Firewall["host"]): string[] =>
    policy(rules, ["in"], host).report.sections[0]?.strays.map(({ kind, about }) => `${kind}: ${about}`) ?? [];
  const hole = "source-port-hole: whole sessions by their source port: udp from port 53";
  expect(told()).toEqual([hole]);
  expect(told(gateway)).toEqual([
    hole,
    "spoofed: packets with a source in wan0's network that come in on lan0",
    "spoofed: packets with a source in lan0's network that come in on wan0",
  ]);
  const strict = gateway && { ...gateway, sysctls: new Map([...gateway.sysctls, ["net.ipv4.conf.all.rp_filter", 1] as const]) };
  expect(told(strict)).toEqual([hole]);
});

test("what is refused is told by the rule that does it", () => {
  const { report } = policy(
    `${STATEFUL}-A INPUT -p tcp --dport 113 -j REJECT --reject-with tcp-reset\n-A INPUT -p tcp --dport 22 -j ACCEPT\n`,
    ["in"],
  );
  expect(report.sections[0]?.refusals).toEqual([
    "dropped by the policy of filter INPUT",
    "rejected with tcp-reset by filter INPUT rule 2 (line 7)",
  ]);
});

test("classes are the coarsest partition that the rows tell apart", () => {
  const { report } = policy(
    `${STATEFUL}-A INPUT -s 10.0.0.0/8 -p tcp --dport 22 -j ACCEPT\n-A INPUT -s 10.0.0.0/9 -p tcp --dport 22 -j ACCEPT\n`,
    ["in"],
  );
  expect(report.sections[0]?.classes.map(({ name }) => name).toSorted()).toEqual([
    "10.0.0.0/8 (private)",
    "anywhere but 10.0.0.0/8 (private)",
  ]);
});

// Random rules and sessions: what the table says of a session is what the engine makes of it.

const NETS = ["10.0.0.0/8", "10.1.0.0/16", "100.64.3.0/24", "100.64.3.7", "198.51.100.2", "203.0.113.9"];
const ADDRESSES = [0x0a000001, 0x0a010001, 0x64400305, 0x64400307, 0xc6336402, 0xcb007109, 0x08080808];
const PORTS = [21, 22, 23, 53, 80, 1024, 50_000];

const maybe = (arbitrary: fc.Arbitrary<string>): fc.Arbitrary<string> => fc.option(arbitrary, { nil: "" });
const rule = (chain: string): fc.Arbitrary<string> =>
  fc
    .tuple(
      maybe(fc.constantFrom(...NETS).map(net => `-s ${net}`)),
      maybe(fc.constantFrom(...NETS).map(net => `! -s ${net}`)),
      maybe(fc.constantFrom(...NETS).map(net => `-d ${net}`)),
      maybe(
        fc.constantFrom(
          "-p tcp",
          "-p udp",
          "-p icmp",
          "-p tcp --dport 22",
          "-p udp --dport 53",
          "-p tcp --dport 22:80",
          "-p tcp ! --dport 80",
          "-p udp --sport 53",
          "-p tcp --sport 1024:65535",
          "-p tcp --syn",
        ),
      ),
      maybe(fc.constantFrom("-m conntrack --ctstate NEW", "-m conntrack --ctstate ESTABLISHED", "-m conntrack ! --ctstate INVALID")),
      maybe(fc.constantFrom("eth0", "eth1", "eth+").map(name => (chain === "OUTPUT" ? `-o ${name}` : `-i ${name}`))),
      fc.constantFrom("ACCEPT", "DROP", "ACCEPT", "REJECT"),
    )
    .map(
      ([source, not, ...rest]) =>
        `-A ${chain} ${[source === "" ? not : source, ...rest.slice(0, -1)].filter(word => word !== "").join(" ")} -j ${rest.at(-1) ?? ""}\n`,
    );

const ruleset = fc
  .tuple(
    fc.constantFrom("ACCEPT", "DROP"),
    fc.constantFrom("ACCEPT", "DROP"),
    fc.array(fc.constantFrom("INPUT", "OUTPUT", "FORWARD").chain(rule), { minLength: 1, maxLength: 9 }),
  )
  .map(([input, output, rules]) => `:INPUT ${input}\n:FORWARD ${input}\n:OUTPUT ${output}\n${rules.join("")}`);

const session = fc.record({
  protocol: fc.constantFrom(1, 6, 17),
  client: fc.constantFrom(...ADDRESSES),
  server: fc.constantFrom(...ADDRESSES),
  port: fc.constantFrom(...PORTS),
  device: fc.constantFrom("eth0", "eth1", "wlan0"),
  away: fc.constantFrom("eth0", "eth1", "wlan0"),
});
type Session = typeof session extends fc.Arbitrary<infer S> ? S : never;

const within = (ranges: Ranges, value: number): boolean => ranges.some(([low, high]) => low <= value && value <= high);
const onDevice = (names: readonly string[] | undefined, device: string, rules: string): boolean => {
  if (names === undefined || names.includes(device)) return true;
  const kind = /^[a-z]+/.exec(device)?.[0] ?? "";
  if (names.includes(`${kind}+`)) return true;
  // Not named by itself; of a kind that rules speak of, or of none.
  if (new RegExp(`-[io] ${device}\\b`).test(rules)) return false;
  return names.includes(rules.includes(` ${kind}+`) ? `other ${kind}+` : "other");
};

function holds(
  { services, in: input, out: output, clients, servers }: PolicyRow,
  { classes }: PolicySection,
  each: Session,
  rules: string,
): boolean {
  const service = services.some(
    ({ protocols, ports, sourcePorts, icmpTypes }) =>
      within(protocols, each.protocol) &&
      (each.protocol === 1
        ? icmpTypes === undefined || within(icmpTypes, 8)
        : (ports === undefined || within(ports, each.port)) && (sourcePorts === undefined || within(sourcePorts, 50_000))),
  );
  const inClasses = (ids: readonly string[], address: number): boolean =>
    classes.some(({ id, ranges }) => ids.includes(id) && within(ranges, address));
  return (
    service &&
    onDevice(input, each.device, rules) &&
    onDevice(output, each.away, rules) &&
    inClasses(clients, each.client) &&
    inClasses(servers, each.server)
  );
}

function witness(path: Path, { protocol, client, server, port, device, away }: Session, claim: Witness["claim"]): Witness {
  const ends = protocol === 1 ? [{}, {}] : [{ port: 50_000 }, { port }];
  const spec: PacketSpec = {
    session: false,
    family: 4,
    protocol,
    source: { address: client, ...ends[0] },
    destination: { address: server, ...ends[1] },
    ...(protocol === 6 && { tcpFlags: 2 }),
    ...(protocol === 1 && { icmp: { type: 8, code: 0 } }),
    ...(path !== "out" && { in: device }),
    ...(path !== "in" && { out: path === "out" ? device : away }),
  };
  return { family: 4, path, packet: printNotation(spec), about: "session", claim, depends: [] };
}

test("of tables that are cut the summary does not count what is left", () => {
  // Openers to five servers pass, each by another port; no answer does.
  const rules = Array.from({ length: 5 }, (_, i) => `-A FORWARD -p tcp -m tcp --dport ${80 + 7 * i} -d 10.0.${i}.1 --syn -j ACCEPT\n`);
  const of = (rows: number): string =>
    policyOf(firewall(`:FORWARD DROP\n${rules.join("")}`), { ...ALL, rows, paths: ["forward"] }).summary.join(" ");
  expect(of(100)).toContain("and 4 more rows open and then die");
  expect(of(3)).toContain("and many more rows open and then die");
});

/** Rulesets for each path; POLICY_RUNS=300 for a long run. */
const RUNS = Number(process.env["POLICY_RUNS"] ?? 10);

describe("random rules", () => {
  test.each<Path>(["in", "out", "forward"])("the table and the engine agree: %s", path => {
    let sessions = 0;
    fc.assert(
      fc.property(ruleset, fc.array(session, { minLength: 12, maxLength: 12 }), (rules, asked) => {
        const { report, unproven } = policy(rules, [path]);
        const section = report.sections[0] as PolicySection;
        expect(unproven).toEqual([]);
        for (const each of asked) {
          if (each.client === each.server || (path === "forward" && each.device === each.away)) continue;
          const at = path === "out" ? { ...each, away: each.device } : each;
          const usable = section.usable.some(row => holds(row, section, at, rules));
          const half = section.halfOpen.some(row => holds(row, section, at, rules));
          expect(usable && half).toBe(false);
          const claim = usable ? "usable" : half ? "half-open" : "refused";
          const made = witness(path, each, claim);
          const { confirmed, reason } = confirm(made, firewall(rules));
          if (!confirmed) throw new Error(`${made.packet} is said to be ${claim}: ${reason}`);
          sessions++;
        }
      }),
      { numRuns: RUNS },
    );
    expect(sessions).toBeGreaterThan(5 * RUNS);
  });
});
