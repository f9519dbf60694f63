/** Ferrule's engine as a referee, on the same machine as the kernel's. */
import { printConnection } from "../../src/conntrack/index.ts";
import { createFirewall, type Firewall, type Outcome as EngineOutcome } from "../../src/engine/index.ts";
import type { Ruleset } from "../../src/ruleset/index.ts";
import { readIpsets, readSave } from "../../src/syntax/index.ts";
import { SET_TEXT } from "./generate/sets.ts";
import type { Loaded } from "./dice.ts";
import { seededRandom } from "./generate/random.ts";
import { machineHost } from "./host.ts";
import type { LocalStack } from "./kernel-referee.ts";
import type { CounterMap, Frame, Outcome, Step } from "./referee.ts";
import { normalConnection } from "./rules.ts";
import { BRIDGE, inbound, INTERFACES, macBytes } from "./topology.ts";

/** 2026-01-01 in µs: what the engine is told the time is. */
const START = 1_767_225_600_000_000;
/** µs between two steps, about what the kernel needs. */
const STEP = 20;
const SLOW_STEP = 10_500;
const PACKET_TYPE = { broadcast: 1, multicast: 2, otherhost: 3 } as const;
const PEERS: readonly (readonly [device: string, mac: string])[] = [
  ...INTERFACES.filter(port => port.kind === "tap").map(port => [port.name, port.peerMac] as const),
  ...BRIDGE.ports.map(port => [port.name, port.hostMac] as const),
];

const macNumber = (mac: Uint8Array): number => Number(`0x${Buffer.from(mac).toString("hex")}`);
const PEER_MACS: ReadonlyMap<string, number> = new Map(PEERS.map(([device, mac]) => [device, macNumber(macBytes(mac))]));

/** The engine under test. Its dice can be loaded, see dice.ts. */
export class EngineReferee implements Loaded {
  readonly #family: 4 | 6;
  readonly #stack: LocalStack;
  readonly #bridge: boolean;
  #firewall: Firewall | undefined;
  #now = START;
  #step = STEP;
  rolls: readonly number[] = [];
  given: number[] = [];

  constructor(family: 4 | 6, stack: LocalStack, bridge = false) {
    this.#bridge = bridge;
    this.#family = family;
    this.#stack = stack;
  }

  load(rules: string): string | undefined {
    const { ruleset, faults } = readSave(rules, "rules", { family: this.#family });
    if (ruleset === undefined || faults.length > 0)
      return faults.map(fault => `line ${fault.line}: ${fault.message}`).join("; ") || "no ruleset";
    this.#step = rules.includes("-m connlimit") ? SLOW_STEP : STEP;
    this.#start(ruleset);
    return undefined;
  }

  #start(ruleset: Ruleset): void {
    const fallback = seededRandom(1);
    this.given = [];
    this.#now = START;
    this.#firewall = createFirewall({
      ...(this.#family === 4 ? { v4: ruleset } : { v6: ruleset }),
      sets: readIpsets(SET_TEXT, "sets", this.#now).sets,
      host: machineHost(this.#family, this.#stack, this.#bridge),
      random: () => {
        const number = this.rolls[this.given.length] ?? fallback.next();
        this.given.push(number);
        return number;
      },
      start: START,
    });
  }

  step(step: Step): Outcome {
    const firewall = this.#running();
    if (step.do === "wait") {
      this.#now += step.milliseconds * 1000;
      return { delivered: [], emitted: [], logged: [], error: "" };
    }
    this.#now += this.#step;
    if (step.do === "send") {
      const { bytes, uid, gid, mark } = step;
      return outcomeOf(firewall.send({ bytes, uid, gid, mark }, this.#now), true);
    }
    const pkttype = step.link === undefined ? undefined : PACKET_TYPE[step.link];
    const bridged = BRIDGE.ports.some(port => port.name === step.device);
    const destinationMac = bridged ? macNumber(inbound(step.device, step.bytes).destination) : undefined;
    return outcomeOf(
      firewall.receive({ bytes: step.bytes, in: step.device, mac: PEER_MACS.get(step.device), destinationMac, pkttype }, this.#now),
      false,
    );
  }

  counters(): CounterMap {
    const counters = new Map<string, readonly [number, number]>();
    for (const [table, chains] of this.#running().counters(this.#family)) {
      for (const [chain, { policy, rules }] of chains) {
        if (policy !== undefined) counters.set(`${table}/${chain}/policy`, [Number(policy.packets), Number(policy.bytes)]);
        for (const [index, rule] of rules.entries())
          counters.set(`${table}/${chain}/${index + 1}`, [Number(rule.packets), Number(rule.bytes)]);
      }
    }
    return counters;
  }

  connections(): string[] {
    const firewall = this.#running();
    const lines = firewall.connections(this.#now).map(connection => printConnection(connection, this.#now, { timeouts: true, use: true }));
    return lines.map(normalConnection).toSorted();
  }

  #running(): Firewall {
    if (this.#firewall === undefined) throw new Error("no rules loaded");
    return this.#firewall;
  }
}

function outcomeOf(outcome: EngineOutcome, sent: boolean): Outcome {
  return {
    delivered: outcome.deliveries.map(({ interface: device, bytes, mark }): Frame => ({ device, bytes, mark })),
    emitted: outcome.emitted.map(({ interface: device, bytes }): Frame => ({ device, bytes, mark: 0 })),
    logged: outcome.nflogs.map(
      ({ group, prefix, size, bytes }) => `${group} ${JSON.stringify(prefix)} ${Math.min(size ?? bytes.length, bytes.length)}`,
    ),
    error: sent ? (outcome.errno ?? "") : "",
  };
}
