import { expect, test } from "vitest";
import { buildPacket } from "../../src/packet/index.ts";
import { bytesOf, counted, machine, SECOND, START } from "./machine.ts";
import { filter } from "./refused-text.ts";

/** Floods and strange clocks against the conditions that remember. */

const SOURCES = 100_000;
const QUIET = { trace: false } as const;

const from = (source: number): Uint8Array =>
  buildPacket({ family: 4, source, destination: 0xc0000201, transport: { kind: "udp", sourcePort: 1, destinationPort: 53 } });

test("fault 39: a flood of sources fills a hashlimit table to its limit, and what is in it is served on", () => {
  const firewall = machine(
    filter("-A INPUT -m hashlimit --hashlimit-upto 1/hour --hashlimit-burst 1 --hashlimit-mode srcip --hashlimit-name flood -j ACCEPT"),
  );
  for (let i = 0; i < SOURCES; i++) firewall.receive({ bytes: from(0x0b000000 + i), in: "eth0" }, START + i, QUIET);
  // 8192 buckets for which nobody gave a number hold eight entries each (xt_hashlimit.c, htable_create); the rest is dropped.
  expect(counted(firewall, "INPUT")).toEqual([65_536]);
  const again = (source: number): string => firewall.receive({ bytes: from(source), in: "eth0" }, START + SOURCES, QUIET).verdict;
  expect([again(0x0b000000), again(0x0b000000 + SOURCES - 1)]).toEqual(["delivered", "dropped"]);
  expect(counted(firewall, "INPUT")).toEqual([65_536]);
});

test("fault 39: a flood against connlimit keeps to the connection table", () => {
  const firewall = machine(filter("-A INPUT -m connlimit --connlimit-above 20 --connlimit-mask 8 -j DROP"), {
    sysctls: ["net.netfilter.nf_conntrack_max=500"],
  });
  for (let i = 0; i < 20_000; i++) firewall.receive({ bytes: from(0x0b000000 + i), in: "eth0" }, START + i * 5000, QUIET);
  expect(firewall.connections(START).length).toBeLessThanOrEqual(500);
  expect(counted(firewall, "INPUT")[0]).toBeGreaterThan(19_000);
});

const HOUR = 3600;
const STRANGE = [0, 1, -HOUR, -2 * HOUR, 2, -1e6, 3, HOUR, -HOUR, HOUR + 1, 1e9, -1e9, 1e9 + 1];

test.each([
  ["hashlimit", "-m hashlimit --hashlimit-upto 1/hour --hashlimit-burst 2 --hashlimit-name clock --hashlimit-htable-expire 2000000000", 5],
  ["hashlimit in bytes", "-m hashlimit --hashlimit-upto 16b/s --hashlimit-name bytes --hashlimit-htable-expire 2000000000", 8],
  ["quota", "-m quota --quota 84", 3],
  ["statistic", "-m statistic --mode nth --every 4 --packet 0", 4],
] as const)("fault 40: %s under a clock that runs backwards", (_, rule, passed) => {
  const firewall = machine(filter(`-A INPUT ${rule} -j ACCEPT`, "-A INPUT -j DROP"));
  const bytes = bytesOf("udp 198.51.100.9:40000 > 192.0.2.1:53");
  const verdicts = STRANGE.map(seconds => firewall.receive({ bytes, in: "eth0" }, START + seconds * SECOND, QUIET).verdict);
  expect(verdicts.filter(verdict => verdict === "delivered").length).toBe(passed);
});

test("fault 40: a rate estimator and connlimit survive a century's jump and a clock that runs backwards", () => {
  const firewall = machine(
    filter(
      "-A INPUT -j RATEEST --rateest-name jump --rateest-interval 250ms --rateest-ewmalog 500ms",
      "-A INPUT -m connlimit --connlimit-above 0",
      "-A INPUT -m rateest --rateest jump --rateest-gt --rateest-pps 1000000",
    ),
  );
  const bytes = bytesOf("udp 198.51.100.9:40000 > 192.0.2.1:53");
  for (const seconds of [0, 3e9, -3e9, 1, 6e9]) firewall.receive({ bytes, in: "eth0" }, START + seconds * SECOND, QUIET);
  expect(counted(firewall, "INPUT")).toEqual([5, 5, 0]);
});
