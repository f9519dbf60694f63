import { expect, test } from "vitest";
import { LOOPBACK, type Host } from "../host/index.ts";
import { buildPacket, dissect, isFault, parseIpv4, parseIpv6, type PacketRepr } from "../packet/index.ts";
import { readSave } from "../syntax/index.ts";
import { createFirewall } from "./firewall.ts";

const host: Host = {
  interfaces: [
    LOOPBACK,
    { name: "eth0", link: "none", up: true, mtu: 1500, addresses: [] },
    { name: "eth1", link: "none", up: true, mtu: 1500, addresses: [] },
  ],
  routes: [
    { family: 4, table: 254, type: "unicast", destination: 0, prefixLength: 0, device: "eth1", metric: 0 },
    { family: 6, table: 254, type: "unicast", destination: 0n, prefixLength: 0, device: "eth1", metric: 0 },
  ],
  rules: [],
  sysctls: new Map([
    ["net.ipv4.ip_forward", 1],
    ["net.ipv6.conf.all.forwarding", 1],
  ]),
  assumed: [],
};

/** A UDP or TCP packet cut into pieces of these many bytes. */
function pieces(family: 4 | 6, protocol: 6 | 17, lengths: readonly number[]): Uint8Array[] {
  const length = lengths.reduce((sum, piece) => sum + piece, 0);
  const transport =
    protocol === 17
      ? ({ kind: "udp", sourcePort: 1000, destinationPort: 53, payload: new Uint8Array(length - 8) } as const)
      : ({ kind: "tcp", sourcePort: 1000, destinationPort: 80, flags: 2, payload: new Uint8Array(length - 20) } as const);
  const ends =
    family === 4
      ? ({ family: 4, source: parseIpv4("10.0.0.9") ?? 0, destination: parseIpv4("10.9.9.9") ?? 0, id: 77 } as const)
      : ({ family: 6, source: parseIpv6("2001:db8::9") ?? 0n, destination: parseIpv6("2001:db8:9::9") ?? 0n, id: 77 } as const);
  const whole = buildPacket({ ...ends, transport } as PacketRepr);
  const payload = whole.subarray(family === 4 ? 20 : 40);
  let at = 0;
  return lengths.map((piece, index) => {
    const raw = { kind: "raw", protocol, payload: payload.subarray(at, at + piece) } as const;
    const fragment = { offset: at / 8, more: index < lengths.length - 1 };
    at += piece;
    return buildPacket({ ...ends, transport: raw, fragment } as PacketRepr);
  });
}

/** Payload lengths of what leaves, and how many packets FORWARD saw. */
function passage(family: 4 | 6, rules: string, fragments: readonly Uint8Array[]): string {
  const { ruleset, faults } = readSave(`*filter\n-A FORWARD\n${rules}\nCOMMIT\n`, "test", { family });
  if (ruleset === undefined) throw new Error(faults.map(fault => fault.message).join("; "));
  const firewall = createFirewall({ [family === 4 ? "v4" : "v6"]: ruleset, host, random: () => 7, start: 0 });
  const left = fragments.flatMap(bytes => firewall.receive({ bytes, in: "eth0" }, 0).emitted);
  const lengths = left.map(({ bytes }) => {
    const layout = dissect(bytes);
    return isFault(layout) ? -1 : layout.totalLength - layout.l4;
  });
  return `${lengths.join(",")} seen ${firewall.counters(family).get("filter")?.get("FORWARD")?.rules[0]?.packets}`;
}

const TRACKING = "-A FORWARD -m state --state NEW -j ACCEPT";

// As Linux 6.18 passed these fragments between two TAP interfaces.
test.each<[string, 4 | 6, 6 | 17, readonly number[], string, string]>([
  ["without tracking they pass one by one", 4, 17, [8, 24, 4], "", "8,24,4 seen 3"],
  ["tracked, FORWARD sees the whole, and it leaves as it came", 4, 17, [8, 24, 4], TRACKING, "8,24,4 seen 1"],
  ["the same in IPv6", 6, 17, [8, 24, 4], TRACKING, "8,24,4 seen 1"],
  ["a TCP header in the first piece", 4, 6, [24, 16, 4], TRACKING, "24,16,4 seen 1"],
  ["a TCP header beyond the first piece: cut anew, as large as the largest was", 4, 6, [16, 24, 5], TRACKING, "24,21 seen 1"],
  ["the last piece may be as long as the largest, and no multiple of 8", 4, 6, [8, 16], TRACKING, "16,8 seen 1"],
])("%s", (_, family, protocol, lengths, rules, expected) => {
  expect(passage(family, rules, pieces(family, protocol, lengths))).toBe(expected);
});

test("in any order, and when one comes twice", () => {
  const parts = pieces(4, 17, [8, 24, 4]);
  expect(passage(4, TRACKING, parts.toReversed())).toBe("8,24,4 seen 1");
  expect(passage(4, TRACKING, [...parts.slice(0, 2), ...parts])).toBe("8,24,4 seen 1");
});
