import { expect, test } from "vitest";
import { policyOf } from "../../src/analysis/policy/index.ts";
import { hostFromFlags } from "../../src/host/index.ts";
import { readRules } from "../../src/syntax/index.ts";

const { value: host } = hostFromFlags({
  interfaces: ["eth0=192.0.2.10/24", "lan0=10.0.0.1/24"],
  routes: ["default via 192.0.2.1 dev eth0"],
  sysctls: ["net.ipv4.ip_forward=1"],
});

/** Rows of what is forwarded: `service: from -> to, what NAT makes of it`; and of what a server answers past this machine. */
function check(nat: readonly string[], forward: readonly string[], rows: readonly string[], neighbours: readonly string[] = []): void {
  const text = ["*nat", ...nat, "COMMIT", "*filter", ":FORWARD DROP [0:0]", ...forward, "COMMIT", ""].join("\n");
  const { ruleset, faults } = readRules(text, "rules", { family: 4 });
  expect(faults).toEqual([]);
  const report = policyOf(
    { v4: ruleset, host },
    { rows: 100, witnesses: { usable: 100, halfOpen: 100, other: 0 }, now: 0, paths: ["forward"] },
  );
  const usable = report.sections.flatMap(section => section.usable);
  const past = report.sections.flatMap(section => section.halfOpen.filter(({ fails }) => fails?.role === "past"));
  expect(
    usable.map(row => `${row.services.map(({ name }) => name).join("+")}: ${row.from} -> ${row.to}, ${(row.becomes ?? []).join()}`),
  ).toEqual(rows);
  // Each row is shown by a session that the engine completed, or saw its server answer past the machine.
  expect([...usable, ...past].filter(row => row.witness === undefined)).toEqual([]);
  expect(past.map(row => `${row.from} -> ${row.to}, ${(row.becomes ?? []).join()}`)).toEqual(neighbours);
}

const ESTABLISHED = "-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT";

test("a port forward at an address of this machine is a row of its own, with its service", () => {
  check(
    ["-A PREROUTING -m addrtype --dst-type LOCAL -p tcp --dport 8080 -j DNAT --to-destination 10.0.0.80:80"],
    [ESTABLISHED, "-A FORWARD -i eth0 -d 10.0.0.80 -p tcp --dport 80 -j ACCEPT"],
    [
      "http-alt (tcp 8080): anywhere but lan0's network -> self, destination 10.0.0.80:80",
      "http (tcp 80): anywhere but lan0's network -> 10.0.0.80, ",
    ],
  );
});

test("one address of this machine, and what only passes through", () => {
  check(
    ["-A PREROUTING -d 192.0.2.10 -p tcp --dport 443 -j DNAT --to-destination 10.0.0.80"],
    [ESTABLISHED, "-A FORWARD -i lan0 -o eth0 -j ACCEPT", "-A FORWARD -o lan0 -m conntrack --ctstate DNAT -j ACCEPT"],
    [
      "https (tcp 443): anywhere but lan0's network -> 192.0.2.10, destination 10.0.0.80",
      "everything: lan0's network -> anywhere but lan0's network, ",
    ],
    ["lan0's network -> 192.0.2.10, destination 10.0.0.80"],
  );
});

test("a hairpin works where its source is translated too", () => {
  check(
    ["-A PREROUTING -d 192.0.2.10 -p tcp --dport 443 -j DNAT --to-destination 10.0.0.80", "-A POSTROUTING -o lan0 -j MASQUERADE"],
    [ESTABLISHED, "-A FORWARD -o lan0 -m conntrack --ctstate DNAT -j ACCEPT"],
    ["https (tcp 443): anywhere -> 192.0.2.10, destination 10.0.0.80,source of the interface"],
  );
});
