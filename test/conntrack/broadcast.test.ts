import { expect, test } from "vitest";
import { printConnection, printExpectation } from "../../src/conntrack/index.ts";
import { createFirewall, type Firewall } from "../../src/engine/index.ts";
import { LOOPBACK, TABLE, type Host } from "../../src/host/index.ts";
import { isNotationFault, parseIpv4, parseNotation, specToBytes } from "../../src/packet/index.ts";
import { readSave } from "../../src/syntax/index.ts";

/** A machine in 10.0.0.0/24. */
const host: Host = {
  interfaces: [
    LOOPBACK,
    {
      name: "eth0",
      link: "ethernet",
      up: true,
      mtu: 1500,
      mac: 2,
      addresses: [{ family: 4, address: parseIpv4("10.0.0.1") ?? 0, prefixLength: 24 }],
    },
  ],
  routes: [
    { family: 4, table: TABLE.MAIN, type: "unicast", destination: parseIpv4("10.0.0.0") ?? 0, prefixLength: 24, device: "eth0", metric: 0 },
  ],
  rules: [],
  sysctls: new Map(),
  assumed: [],
};

const RULES = `*raw
-A OUTPUT -p udp --dport 137 -j CT --helper netbios-ns
-A OUTPUT -p udp --dport 161 -j CT --helper snmp
COMMIT
*filter
-A INPUT -m conntrack --ctstate RELATED -m helper --helper netbios-ns -j ACCEPT
-A INPUT -m conntrack --ctstate RELATED -j ACCEPT
-A INPUT -i eth0 -j DROP
COMMIT
`;

function packet(notation: string): Uint8Array {
  const spec = parseNotation(notation);
  if (isNotationFault(spec)) throw new Error(notation);
  return specToBytes(spec);
}

const accepted = (firewall: Firewall): number => Number(firewall.counters(4).get("filter")?.get("INPUT")?.rules[0]?.packets);

test("who is asked by broadcast may answer from anywhere in the network, as on Linux 6.18", () => {
  const { ruleset } = readSave(RULES, "rules", { family: 4 });
  if (ruleset === undefined) throw new Error("rules");
  const firewall = createFirewall({ v4: ruleset, host, random: () => 0, start: 0 });
  firewall.send({ bytes: packet("udp 10.0.0.1:4000 > 10.0.0.255:137"), uid: 0, gid: 0 }, 1000);
  const [foreseen] = firewall.expectations(1000);
  expect(foreseen && printExpectation(foreseen, 1000)).toBe(
    "3 proto=17 src=10.0.0.255 dst=10.0.0.1 sport=137 dport=4000 mask-src=255.255.255.0 mask-dst=255.255.255.255 sport=65535 dport=65535 master-src=10.0.0.1 master-dst=10.0.0.255 sport=4000 dport=137 PERMANENT class=0 helper=netbios-ns",
  );
  for (const [from, passes] of [
    ["10.0.0.7:137", true],
    ["10.0.0.8:137", true],
    ["10.0.0.9:138", false],
  ] as const) {
    const before = accepted(firewall);
    firewall.receive({ bytes: packet(`udp ${from} > 10.0.0.1:4000`), in: "eth0" }, 2000);
    expect(accepted(firewall) > before, from).toBe(passes);
  }
  // Neither another address nor all ones are the interface's broadcast address.
  for (const to of ["10.0.0.9:137", "255.255.255.255:161"])
    firewall.send({ bytes: packet(`udp 10.0.0.1:4001 > ${to}`), uid: 0, gid: 0 }, 3000);
  expect(firewall.expectations(3000)).toHaveLength(1);
  expect(firewall.connections(2_900_000).map(one => printConnection(one, 2_900_000)).length).toBeGreaterThan(0);
  firewall.receive({ bytes: packet("udp 10.0.0.6:137 > 10.0.0.1:4000"), in: "eth0" }, 3_100_000);
  expect(accepted(firewall)).toBe(2);
});
