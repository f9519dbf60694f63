/** What the conversations say that a helper listens to, damaged in every way. */
import fc from "fast-check";
import { expect } from "vitest";
import type { NatRange } from "../../src/conntrack/index.ts";
import { dissect, isFault, parseIpv6 } from "../../src/packet/index.ts";
import { Router, type NatRule } from "../conntrack/router.ts";
import { seededRandom } from "../kernel/generate/random.ts";
import { Flow, type Arm, type Endpoint } from "../kernel/helpers/conversation.ts";
import { mutate } from "../kernel/helpers/mutate.ts";
import { PROTOCOLS } from "../kernel/helpers/phrases.ts";
import { target, type Target } from "./target.ts";

interface Talk {
  readonly protocol: number;
  readonly seed: number;
  readonly family: 4 | 6;
  readonly lines: number;
  readonly nat: "none" | "source" | "destination";
  /** Which lines are damaged, and with what seed. */
  readonly damage: readonly (readonly [line: number, seed: number])[];
}

const talks: fc.Arbitrary<Talk> = fc.record({
  protocol: fc.nat(PROTOCOLS.length - 1),
  seed: fc.nat(),
  family: fc.constantFrom<4 | 6>(4, 6),
  lines: fc.integer({ min: 1, max: 12 }),
  nat: fc.constantFrom<Talk["nat"]>("none", "source", "destination"),
  damage: fc.array(fc.tuple(fc.nat(11), fc.nat()), { maxLength: 6 }),
});

const V4 = { client: 0x0a000005, server: 0xc000020a, called: 0xcb007105, mapped: 0xc00002c8 } as const;
const six = (text: string): bigint => parseIpv6(text) as bigint;
const V6 = {
  client: six("2001:db8:1::5"),
  server: six("2001:db8:2::a"),
  called: six("2001:db8:f::5"),
  mapped: six("2001:db8:2::c8"),
} as const;
/** Nobody's helper foresees more for one connection. */
const MOST_EXPECTED = 64;

/** Whatever leaves is a packet, not much longer than what came, and little is foreseen. */
function lawsOfTalk({ protocol: number, seed, family: wanted, lines, nat, damage }: Talk): void {
  const protocol = PROTOCOLS[number];
  if (protocol === undefined) return;
  const family = protocol.families.includes(wanted) ? wanted : 4;
  const { client, server, called, mapped } = family === 4 ? V4 : V6;
  const to = (manip: NatRange["manip"], address: number | bigint): NatRange => ({ manip, addresses: [address, address] });
  const rules: NatRule[] = [];
  if (nat === "source") rules.push({ chain: "POSTROUTING", range: to("source", mapped) });
  if (nat === "destination") rules.push({ chain: "PREROUTING", range: to("destination", server) });
  const transport = protocol.transport === "tcp" ? 6 : 17;
  const router = new Router({ rules, helpers: [{ protocol: transport, port: protocol.port, helper: protocol.helper }] });
  const wire = (arm: Arm, packet: Uint8Array): Uint8Array | undefined => {
    const { out } = router.take(packet, arm);
    if (out === undefined) return undefined;
    expect(isFault(dissect(out))).toBe(false);
    expect(out.length).toBeLessThan(packet.length + 2000);
    expect(router.tracker.expectations.list(router.now).length).toBeLessThan(MOST_EXPECTED);
    return out;
  };
  const own: Endpoint = { address: client, port: 40_000 };
  const peer: Endpoint = { address: nat === "destination" ? called : server, port: protocol.port };
  const flow = new Flow(wire, protocol.transport, "tun0", own, peer);
  if (!flow.open()) return;
  const random = seededRandom(seed);
  for (let line = 0; line < lines; line++) {
    const seen = flow.server ?? { own: peer, peer: own };
    const scene = { random, client: own, called: peer, server: seen.own, caller: seen.peer };
    const [from, payload] = protocol.line(scene, line);
    const said = damage.filter(([at]) => at === line).reduce((bytes, [, dice]) => mutate(seededRandom(dice), bytes), payload);
    flow.say(from, said);
  }
}

export const HELPERS: readonly Target[] = [target("helpers", talks, lawsOfTalk)];
