import type { AddressClass, PolicyReport, PolicyRow, PolicySection, ServiceClass, StrayRow } from "../../src/analysis/policy-report.ts";
import type { Path, RulePointer, Witness } from "../../src/analysis/witness.ts";

/** Text that must do no harm wherever it is printed. */
export const HOSTILE = `<script>alert("x")</script>'&\u001b[31m\u202e`;

const service = (name: string, protocol: number, ports?: ServiceClass["ports"], more: Partial<ServiceClass> = {}): ServiceClass => ({
  name,
  protocols: [[protocol, protocol]],
  ports,
  sourcePorts: undefined,
  ...more,
});

export const rule = (number: number | undefined, text: string, chain = "INPUT"): RulePointer => ({
  family: 4,
  table: "filter",
  chain,
  number,
  file: "rules.v4",
  line: number === undefined ? 0 : number + 4,
  text,
});

export const witness = (packet: string, path: Path, claim: Witness["claim"] = "usable"): Witness => ({
  family: 4,
  path,
  packet,
  about: claim === "accepted" ? "packet" : "session",
  claim,
  depends: [],
});

export const row = (
  services: readonly ServiceClass[],
  from: string,
  clients: readonly string[],
  more: Partial<PolicyRow> = {},
): PolicyRow => ({
  path: "in",
  services,
  in: undefined,
  out: undefined,
  through: "",
  clients,
  servers: ["a", "b", "c"],
  from,
  to: "self",
  kind: "usable",
  certainty: { sure: true },
  witness: witness("tcp 203.0.113.9:40000 > 198.51.100.2:22 syn in eth0", "in"),
  decidedBy: [rule(3, "-p tcp -m tcp --dport 22 -j ACCEPT")],
  ...more,
});

const classes: readonly AddressClass[] = [
  { id: "a", ranges: [[0x0a000000, 0x0affffff]], name: "10.0.0.0/8 (private)" },
  { id: "b", ranges: [[0xcb007100, 0xcb00710f]], name: "the set admins" },
  {
    id: "c",
    ranges: [
      [0, 0x09ffffff],
      [0x0b000000, 0xcb0070ff],
      [0xcb007110, 0xffffffff],
    ],
    name: "everything else",
  },
];

const strays: readonly StrayRow[] = [
  {
    path: "in",
    kind: "mid-stream",
    about: "TCP segments with ACK alone",
    where: "to ssh (tcp 22) from anywhere",
    certainty: { sure: true },
    witness: witness("tcp 203.0.113.9:40000 > 198.51.100.2:22 ack in eth0", "in", "accepted"),
    decidedBy: [rule(3, "-p tcp -m tcp --dport 22 -j ACCEPT")],
  },
];

const all = ["a", "b", "c"];

const incoming: PolicySection = {
  family: 4,
  path: "in",
  classes,
  usable: [
    row([service("ssh (tcp 22)", 6, [[22, 22]])], "the set admins", ["b"]),
    row(
      [
        service("http, https (tcp 80, 443)", 6, [
          [80, 80],
          [443, 443],
        ]),
      ],
      "anywhere",
      all,
    ),
    row([service("ping", 1, undefined, { icmpTypes: [[8, 8]] })], "anywhere", all, {
      certainty: { sure: false, depends: ["limit: avg 5/min burst 5"] },
    }),
    row([service("dns (udp 53)", 17, [[53, 53]]), service("dns (tcp 53)", 6, [[53, 53]])], "10.0.0.0/8 (private)", ["a"], {
      in: ["lan0", "tun+"],
      through: "in lan0 or tun+",
    }),
    row([service("tcp 8000-8100", 6, [[8000, 8100]])], "anywhere but the set admins", ["a", "c"], { to: "198.51.100.2", servers: ["c"] }),
  ],
  halfOpen: [
    row([service("smtp (tcp 25)", 6, [[25, 25]])], "anywhere", all, {
      kind: "half-open",
      fails: { role: "answer", by: rule(undefined, "policy DROP", "OUTPUT") },
    }),
  ],
  strays,
  refusals: ["dropped by the policy of INPUT", "rejected by rules.v4:12"],
  exact: 0.9995,
  complete: true,
};

const forward: PolicySection = {
  family: 4,
  path: "forward",
  classes: [{ id: "a", ranges: [[0, 0xffffffff]], name: "anywhere" }],
  usable: [],
  halfOpen: [],
  strays: [],
  refusals: ["dropped by the policy of FORWARD"],
  exact: 1,
  complete: true,
};

/** A small report with one of everything. */
export const SAMPLE: PolicyReport = {
  sections: [incoming, forward],
  summary: ["Anyone may open http, https to this machine; ssh only the set admins.", "Nothing passes through this machine."],
  assumptions: ["the machine has one interface, eth0"],
};

/** The same with text from an attacker wherever text can come from the rules. */
export const HOSTILE_SAMPLE: PolicyReport = {
  sections: [
    {
      ...incoming,
      classes: classes.map(each => ({ ...each, name: HOSTILE })),
      usable: [
        row([service(HOSTILE, 6)], HOSTILE, all, {
          to: HOSTILE,
          in: [HOSTILE],
          through: HOSTILE,
          certainty: { sure: false, depends: [`=cmd|' /C calc'!A0 ${HOSTILE}`] },
          decidedBy: [{ ...rule(1, HOSTILE, HOSTILE), file: HOSTILE }],
        }),
      ],
      strays: strays.map(stray => ({ ...stray, about: `=HYPERLINK("http://x") ${HOSTILE}` })),
      refusals: [HOSTILE],
    },
  ],
  summary: [HOSTILE],
  assumptions: [HOSTILE],
};

/** Hundreds of services and classes. */
export function largeSample(services: number, count: number): PolicyReport {
  const ids = Array.from({ length: count }, (_, i) => `c${i}`);
  const width = Math.floor(0xffffffff / count);
  return {
    ...SAMPLE,
    sections: [
      {
        ...incoming,
        classes: ids.map((id, i) => ({
          id,
          ranges: [[i * width, i === count - 1 ? 0xffffffff : (i + 1) * width - 1]],
          name: `network number ${i} of many`,
        })),
        usable: Array.from({ length: services }, (_, i) =>
          row(
            [service(`tcp ${i + 1}`, 6, [[i + 1, i + 1]])],
            `network number ${i % count} of many`,
            ids.filter((_, j) => j % (i + 1) === 0),
            {
              in: ["eth0", "eth1"],
              through: "in eth0 or eth1",
              servers: ids,
            },
          ),
        ),
      },
    ],
  };
}
