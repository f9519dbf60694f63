/** A firewall on a small machine, and packets for it. */
import type { HelperSettings } from "../../src/conntrack/index.ts";
import { createFirewall, type Firewall, type Outcome } from "../../src/engine/index.ts";
import { hostFromFlags } from "../../src/host/index.ts";
import { isNotationFault, parseNotation, specToBytes } from "../../src/packet/index.ts";
import { readRules } from "../../src/syntax/index.ts";

/** 2026-01-01 in µs. */
export const START = 1_767_225_600_000_000;
export const SECOND = 1_000_000;

export interface MachineOptions {
  readonly v6?: string;
  readonly sysctls?: readonly string[];
  readonly engine?: "compiled" | "reference";
  readonly helperSettings?: Partial<HelperSettings>;
}

/** A router with eth0 (192.0.2.1, 2001:db8::1, the internet behind it) and lan0 (10.0.0.1, 2001:db8:1::1). */
export function machine(v4: string, { v6, sysctls = [], engine = "compiled", helperSettings }: MachineOptions = {}): Firewall {
  const { value: host, faults } = hostFromFlags({
    interfaces: ["eth0=192.0.2.1/24,2001:db8::1/64", "lan0=10.0.0.1/24,2001:db8:1::1/64"],
    routes: ["default via 192.0.2.254 dev eth0", "default via 2001:db8::fe dev eth0"],
    sysctls: ["net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1", ...sysctls],
  });
  if (host === undefined) throw new Error(faults.map(({ message }) => message).join());
  let seed = 1;
  const random = (): number => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0);
  return createFirewall({
    v4: rules(v4, 4),
    ...(v6 !== undefined && { v6: rules(v6, 6) }),
    host,
    random,
    start: START,
    engine,
    helperSettings,
  });
}

/** A ruleset from save text; throws when it is refused. */
export function rules(text: string, family: 4 | 6): ReturnType<typeof readRules>["ruleset"] {
  const { ruleset, faults } = readRules(text, "rules", { family });
  if (ruleset === undefined) throw new Error(faults.map(({ line, message }) => `${line}: ${message}`).join());
  return ruleset;
}

/** The bytes of a packet in the notation. */
export function bytesOf(notation: string): Uint8Array {
  const spec = parseNotation(notation);
  if (isNotationFault(spec)) throw new Error(spec.message);
  return specToBytes(spec);
}

/** Sends packets in at an interface, a millisecond apart. */
export function arrive(firewall: Firewall, device: string, packets: readonly Uint8Array[], now: number = START): Outcome[] {
  return packets.map((bytes, index) => firewall.receive({ bytes, in: device }, now + index * 1000));
}

/** Packets that the rules of a filter chain counted. */
export const counted = (firewall: Firewall, chain: string, family: 4 | 6 = 4): number[] =>
  firewall
    .counters(family)
    .get("filter")
    ?.get(chain)
    ?.rules.map(({ packets }) => Number(packets)) ?? [];
