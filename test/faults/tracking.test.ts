import { expect, test } from "vitest";
import { printConnection } from "../../src/conntrack/index.ts";
import type { Outcome } from "../../src/engine/index.ts";
import { buildPacket, TCP_FLAG } from "../../src/packet/index.ts";
import { bytesOf, counted, machine, SECOND, START } from "./machine.ts";
import { filter } from "./refused-text.ts";

/** Faults 36, 37, 39 and 40: segments, floods and times that try the memory of a firewall. */

const WHOLE = bytesOf("udp 192.0.2.9:4000 > 192.0.2.1:53");
const verdicts = (outcomes: readonly Outcome[]): string[] => outcomes.map(({ verdict }) => verdict);

/** A segment between 192.0.2.9:4000 (the client) and the server 192.0.2.1:22. */
function segment(from: "client" | "server", flags: number, sequence: number, acknowledgment: number, port = 4000): Uint8Array {
  const [source, destination] = from === "client" ? [0xc0000209, 0xc0000201] : [0xc0000201, 0xc0000209];
  const ports = from === "client" ? { sourcePort: port, destinationPort: 22 } : { sourcePort: 22, destinationPort: port };
  return buildPacket({
    family: 4,
    source,
    destination,
    transport: { kind: "tcp", ...ports, flags, sequence, acknowledgment, window: 1000 },
  });
}
const { SYN, ACK, RST } = TCP_FLAG;
const STATES = filter(
  "-A INPUT -m conntrack --ctstate INVALID -j DROP",
  "-A INPUT -m conntrack --ctstate NEW -j ACCEPT",
  "-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT",
);
const QUIET = { stack: false } as const;

function handshake(firewall: ReturnType<typeof machine>, now: number, port = 4000): Outcome[] {
  return [
    firewall.receive({ bytes: segment("client", SYN, 100, 0, port), in: "eth0" }, now, QUIET),
    firewall.send({ bytes: segment("server", SYN | ACK, 500, 101, port) }, now + 1000, QUIET),
    firewall.receive({ bytes: segment("client", ACK, 101, 501, port), in: "eth0" }, now + 2000, QUIET),
  ];
}
const stateOf = (firewall: ReturnType<typeof machine>): string =>
  /(?:ESTABLISHED|CLOSE|SYN_SENT|SYN_RECV)/.exec(
    firewall
      .connections(START + SECOND)
      .map(each => printConnection(each, START + SECOND))
      .join(),
  )?.[0] ?? "none";

const TCP_CASES: readonly (readonly [
  name: string,
  flags: number,
  sequence: number,
  acknowledgment: number,
  rule: number,
  state: string,
])[] = [
  ["data in the window", ACK, 101, 501, 3, "ESTABLISHED"],
  ["an exact RST", RST, 101, 0, 3, "CLOSE"],
  ["an RST far out of the window", RST, 900_000, 0, 1, "ESTABLISHED"],
  ["an RST within the window but not exact", RST, 151, 0, 3, "ESTABLISHED"],
  ["a SYN on an established connection", SYN, 900_000, 0, 3, "ESTABLISHED"],
  ["an ACK far out of the window", ACK, 900_000, 900_000, 1, "ESTABLISHED"],
];

test.each(TCP_CASES)("fault 36: %s", (_, flags, sequence, acknowledgment, rule, state) => {
  const firewall = machine(STATES);
  expect(verdicts(handshake(firewall, START))).toEqual(["delivered", "sent", "delivered"]);
  const outcome = firewall.receive({ bytes: segment("client", flags, sequence, acknowledgment), in: "eth0" }, START + 5000, QUIET);
  expect([outcome.decidedBy?.number, stateOf(firewall)]).toEqual([rule, state]);
});

test("fault 37: with a full table of assured connections a new flow is dropped with the reason, and the others go on", () => {
  const firewall = machine(STATES, { sysctls: ["net.netfilter.nf_conntrack_max=4"] });
  for (let i = 0; i < 4; i++) handshake(firewall, START + i * 10_000, 4000 + i);
  const late = firewall.receive({ bytes: segment("client", SYN, 1, 0, 5000), in: "eth0" }, START + SECOND, QUIET);
  expect(late.verdict).toBe("dropped");
  expect(late.reason).toContain("table full");
  const known = firewall.receive({ bytes: segment("client", ACK, 101, 501, 4002), in: "eth0" }, START + SECOND + 1, QUIET);
  expect(known).toMatchObject({ verdict: "delivered", decidedBy: { number: 3 } });
  expect(firewall.connections(START + SECOND).length).toBe(4);
});

test("fault 39: a flood of sources leaves a recent list and the connection table within their bounds", () => {
  const firewall = machine(
    filter(
      "-A INPUT -m recent --name flood --update --seconds 60 --hitcount 2 -j DROP",
      "-A INPUT -m recent --name flood --set",
      "-A INPUT -m conntrack --ctstate NEW -j ACCEPT",
    ),
    { sysctls: ["net.netfilter.nf_conntrack_max=1000"] },
  );
  const sources = Array.from({ length: 20_000 }, (_, i) =>
    buildPacket({
      family: 4,
      source: 0x0b000000 + i,
      destination: 0xc0000201,
      transport: { kind: "udp", sourcePort: 1, destinationPort: 53 },
    }),
  );
  for (const [i, bytes] of sources.entries()) firewall.receive({ bytes, in: "eth0" }, START + i, QUIET);
  expect(firewall.connections(START).length).toBeLessThanOrEqual(1000);
  // The list holds 100 addresses: the first has been forgotten, the last has not (xt_recent.c, ip_list_tot).
  const again = (bytes: Uint8Array | undefined): number[] => {
    for (let i = 0; i < 2; i++) firewall.receive({ bytes: bytes as Uint8Array, in: "eth0" }, START + 30_000, QUIET);
    return counted(firewall, "INPUT").slice(0, 1);
  };
  const [none] = again(sources[0]);
  const [some] = again(sources.at(-1));
  expect([none, some]).toEqual([0, 1]);
});

test("fault 40: a clock that runs backwards does not refill a limit or revive a connection", () => {
  const firewall = machine(filter("-A INPUT -m limit --limit 1/hour --limit-burst 2 -j ACCEPT", "-A INPUT -j DROP"));
  const at = (seconds: number): string => firewall.receive({ bytes: WHOLE, in: "eth0" }, START + seconds * SECOND, QUIET).verdict;
  expect([0, 1, 2, -3600, -7200, 3, 3599, 3602, -1e6, 3603, 1e9, -1e9, 1e9 + 1, 1e9 + 2].map(at)).toEqual([
    "delivered",
    "delivered",
    "dropped",
    "dropped",
    "dropped",
    "dropped",
    "dropped",
    "delivered",
    "dropped",
    "dropped",
    "delivered",
    "delivered",
    "dropped",
    "dropped",
  ]);
});

test("fault 40: a clock that jumps a century ahead ends connections and keeps the tracker's sense of time", () => {
  const firewall = machine(STATES);
  handshake(firewall, START);
  const century = START + 100 * 365 * 86_400 * SECOND;
  expect(firewall.connections(century)).toEqual([]);
  const first = firewall.receive({ bytes: segment("client", SYN, 1, 0), in: "eth0" }, century, QUIET);
  expect(first.decidedBy?.number).toBe(2);
  // Back in the past, it is still the century's connection.
  const back = firewall.receive({ bytes: segment("client", SYN, 1, 0), in: "eth0" }, START, QUIET);
  expect([back.decidedBy?.number, firewall.connections(START).length]).toEqual([2, 1]);
});
