import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createFirewall, type Firewall } from "../src/engine/index.ts";
import { assumeHost } from "../src/host/index.ts";
import { unhex } from "../src/packet/index.ts";
import type { Family } from "../src/predicate/index.ts";
import { readSave } from "../src/syntax/index.ts";

/**
 * Packets in order, and the mark that `HMARK --hmark-tuple ct` gave each in mangle PREROUTING of Linux 6.18; null for a fragment that only filled
 * up its datagram.
 */
type Measured = readonly [family: Family, options: string, packet: string, mark: number | null];
const MEASURED = JSON.parse(readFileSync(new URL("hash-mark-measured.json", import.meta.url), "utf8")) as readonly Measured[];

const START = 1e15;

function firewallWith(family: Family, options: string): Firewall {
  const bits = Array.from({ length: 32 }, (_, bit) => `-A PREROUTING -m mark --mark ${2 ** bit}/${2 ** bit}`);
  const rules = ["-A PREROUTING -m conntrack --ctdir ORIGINAL", `-A PREROUTING -j HMARK ${options}`, ...bits, "-A PREROUTING -j DROP"];
  const { ruleset, faults } = readSave(`*mangle\n${rules.join("\n")}\nCOMMIT\n`, "rules", { family });
  if (!ruleset) throw new Error(JSON.stringify(faults));
  const ends = family === 4 ? { source: 1, destination: 2 } : { source: 1n, destination: 2n };
  const host = assumeHost([], [{ family, ...ends, in: "tun0", out: undefined }]);
  return createFirewall({ ...(family === 4 ? { v4: ruleset } : { v6: ruleset }), host, random: () => 0, start: START });
}

/** Packets that each rule has counted. */
function counts(firewall: Firewall, family: Family): number[] {
  const chain = firewall.counters(family).get("mangle")?.get("PREROUTING");
  return (chain?.rules ?? []).map(({ packets }) => Number(packets));
}

test.each([...new Set(MEASURED.map(([family, options]) => `${family} ${options}`))])("IPv%s", name => {
  const rows = MEASURED.filter(([family, options]) => `${family} ${options}` === name);
  const [family, options] = rows[0] as Measured;
  const firewall = firewallWith(family, options);
  const got = rows.map(([, , packet], at) => {
    const before = counts(firewall, family);
    firewall.receive({ bytes: unhex(packet), in: "tun0" }, START + at * 1000);
    const more = counts(firewall, family).map((count, rule) => count - (before[rule] ?? 0));
    if (more.at(-1) !== 1) return [packet, null];
    return [packet, more.slice(-33, -1).reduce((mark, count, bit) => mark + count * 2 ** bit, 0)];
  });
  expect(got).toEqual(rows.map(([, , packet, mark]) => [packet, mark]));
});
