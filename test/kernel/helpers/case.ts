/** One random conversation, through the kernel and through our router. */
import { buildPacket, hex, parseIpv6, setU16 } from "../../../src/packet/index.ts";
import type { NatRule } from "../../conntrack/router.ts";
import type { Random } from "../generate/random.ts";
import { Flow, sackOption, type Arm, type Endpoint } from "./conversation.ts";
import { drawn, rulesOf, type Lab, type Setting } from "./labs.ts";
import { mutate } from "./mutate.ts";
import type { Line, Protocol } from "./protocol.ts";

/** A packet, and what the kernel made of it. */
export interface Step {
  readonly in: Arm;
  readonly packet: string;
  readonly out: string | null;
  /** The random number that NAT drew, if it did. */
  readonly random?: number;
}

/** A conversation as it went; `disagreement` says where we differ from the kernel. */
export interface Played {
  readonly setting: Setting;
  readonly steps: Step[];
  /** After the last packet. */
  expectations: readonly string[];
  connections: readonly string[];
  expected: number;
  used: number;
  disagreement: string | undefined;
}

/** Seconds by which the two clocks may differ at the end of a case. */
const CLOCKS_APART = 4;

const V4 = { client: 0x0a000005, server: 0xc000020a, called: 0xcb007105, mapped: 0xc00002c8 } as const;
const six = (text: string): bigint => parseIpv6(text) as bigint;
const V6 = {
  client: six("2001:db8:1::5"),
  server: six("2001:db8:2::a"),
  called: six("2001:db8:f::5"),
  mapped: six("2001:db8:2::c8"),
} as const;

export function playCase(random: Random, protocol: Protocol, kernel: Lab, ours: Lab & { readonly reason: string }): Played {
  const family = random.pick(protocol.families);
  const hosts = family === 4 ? V4 : V6;
  const snat = random.oneIn(2);
  const dnat = random.oneIn(3);
  const rules: NatRule[] = [];
  const serverPort = dnat && random.oneIn(2) ? 4000 : protocol.port;
  if (dnat) {
    const ports = serverPort === protocol.port ? {} : { ports: [serverPort, serverPort] as const };
    const number = protocol.transport === "tcp" ? 6 : 17;
    rules.push({
      chain: "PREROUTING",
      protocol: number,
      range: { manip: "destination", addresses: [hosts.server, hosts.server], ...ports },
    });
  }
  if (snat) {
    const number = protocol.transport === "tcp" ? 6 : 17;
    const fixed = random.oneIn(3);
    const range = { manip: "source", addresses: [hosts.mapped, hosts.mapped], ...(fixed && { ports: [7000, 7000] as const }) } as const;
    rules.push({ chain: "POSTROUTING", ...(fixed && { protocol: number }), range });
  }
  const setting: Setting = {
    family,
    helpers: [{ protocol: protocol.transport === "tcp" ? 6 : 17, port: protocol.port, helper: protocol.helper }],
    rules,
  };
  const played: Played = { setting, steps: [], expectations: [], connections: [], expected: 0, used: 0, disagreement: undefined };
  kernel.begin(setting);
  ours.begin(setting);
  const play = new Play(random, played, kernel, ours);
  // Without NAT the client may as well be on the other side.
  const turned = !snat && !dnat && random.oneIn(3);
  const [client, called] = turned ? [hosts.server, hosts.client] : [hosts.client, dnat ? hosts.called : hosts.server];
  play.converse(protocol, called, client);
  played.expectations = kernel.expectations();
  played.connections = kernel.connections();
  const compare = (what: string, theirs: readonly string[], own: readonly string[]): void => {
    if (theirs.join("\n") !== own.join("\n")) play.differ(`${what}\nkernel:\n  ${theirs.join("\n  ")}\nours:\n  ${own.join("\n  ")}`);
  };
  compare("expectations at the end", played.expectations, ours.expectations());
  compare("connections at the end", played.connections, ours.connections());
  const own = ours.lifetimes();
  for (const [line, seconds] of kernel.lifetimes())
    if (Math.abs(seconds - (own.get(line) ?? -Infinity)) > CLOCKS_APART) play.differ(`lives ${seconds} s, ours ${own.get(line)}: ${line}`);
  return played;
}

class Play {
  readonly #random: Random;
  readonly #played: Played;
  readonly #kernel: Lab;
  readonly #ours: Lab & { readonly reason: string };
  readonly #said: string[] = [];

  constructor(random: Random, played: Played, kernel: Lab, ours: Lab & { readonly reason: string }) {
    this.#random = random;
    this.#played = played;
    this.#kernel = kernel;
    this.#ours = ours;
  }

  differ(text: string): void {
    const story = this.#said.slice(-8).join("\n");
    this.#played.disagreement ??= `${rulesOf(this.#played.setting)}${story}\n${text}\nlast reason: ${this.#ours.reason}`;
  }

  readonly #wire = (arm: Arm, packet: Uint8Array): Uint8Array | undefined => {
    if (this.#played.disagreement !== undefined) return undefined;
    const theirs = this.#kernel.take(arm, packet);
    const own = this.#ours.take(arm, packet, theirs);
    const random = theirs === undefined ? 0 : drawn(packet, theirs);
    this.#played.steps.push({
      in: arm,
      packet: hex(packet),
      out: theirs === undefined ? null : hex(theirs),
      ...(random > 0 && { random }),
    });
    const [a, b] = [theirs, own].map(bytes => (bytes === undefined ? "nothing" : hex(bytes)));
    if (a !== b)
      this.differ(`packet from ${arm}: ${hex(packet)}\nkernel: ${a ?? ""} ${readable(theirs)}\nours:   ${b ?? ""} ${readable(own)}`);
    return theirs;
  };

  converse(protocol: Protocol, called: number | bigint, address: number | bigint): void {
    const random = this.#random;
    const client: Endpoint = { address, port: random.pick([40000, 40000, 5060, 1030]) };
    const flow = new Flow(
      this.#wire,
      protocol.transport,
      armOf(address),
      client,
      { address: called, port: protocol.port },
      1000 + random.below(9),
    );
    flow.unsummed = random.oneIn(5);
    if (!flow.open()) return;
    for (let count = 0; count < random.between(3, 14) && this.#played.disagreement === undefined; count++) {
      const server = flow.server;
      const called_ = { address: called, port: protocol.port };
      const scene = { random, client, called: called_, server: server?.own ?? called_, caller: server?.peer ?? client };
      this.#exchange(flow, protocol, protocol.line(scene, count));
      this.#followUp();
    }
  }

  #exchange(flow: Flow, protocol: Protocol, [from, line]: Line): void {
    const random = this.#random;
    const payload = random.oneIn(5) ? mutate(random, line) : line;
    this.#said.push(`${from}: ${payload.includes(0) ? hex(payload.subarray(0, 28)) : JSON.stringify(String.fromCharCode(...payload))}`);
    const other = from === "client" ? "server" : "client";
    if (random.oneIn(12) && payload.length > 4) {
      const cut = random.between(1, payload.length - 1);
      flow.say(from, payload.subarray(0, cut));
      flow.say(from, payload.subarray(cut));
    } else flow.say(from, payload);
    if (protocol.transport === "tcp" && random.oneIn(3)) {
      const known = flow.acknowledgedBy(other);
      flow.acknowledge(other, random.oneIn(3) ? sackOption(known - 5, known) : undefined);
    }
    if (random.oneIn(12)) flow.complain(random.pick(["client", "server"]));
    if (protocol.transport === "tcp" && random.oneIn(10)) {
      flow.back(from, payload.length);
      flow.say(from, payload);
    }
  }

  /** Makes one of the expected connections, now and then. */
  #followUp(): void {
    const lines = this.#kernel.expectations();
    this.#played.expected += lines.length;
    const own = this.#ours.expectations();
    if (lines.join("\n") !== own.join("\n")) this.differ(`expectations\nkernel:\n  ${lines.join("\n  ")}\nours:\n  ${own.join("\n  ")}`);
    if (lines.length === 0 || !this.#random.oneIn(3)) return;
    this.#played.used++;
    const tuple = readTuple(this.#random.pick(lines), this.#played.setting.family);
    if (tuple.protocol === 47) this.#gre(tuple);
    else this.#data(tuple);
  }

  #data({ protocol, source, destination, port }: ExpectedTuple): void {
    const own = { address: source, port: this.#random.pick([20, 20000, 45000]) };
    const flow = new Flow(this.#wire, protocol === 6 ? "tcp" : "udp", armOf(source), own, { address: destination, port });
    this.#said.push("(the expected connection)");
    flow.open();
    const bytes = Uint8Array.of(1, 2, 3, 4);
    flow.say("client", bytes);
    flow.say("server", bytes);
    flow.say("client", bytes);
  }

  #gre({ source, destination, port }: ExpectedTuple): void {
    const payload = new Uint8Array(16);
    setU16(payload, 0, 0x3001);
    setU16(payload, 2, 0x880b);
    setU16(payload, 4, 4);
    setU16(payload, 6, port);
    const packet = buildPacket({
      family: 4,
      source: Number(source),
      destination: Number(destination),
      transport: { kind: "raw", protocol: 47, payload },
    });
    this.#said.push("(the expected GRE)");
    const out = this.#wire(armOf(source), packet);
    if (out === undefined) return;
    // The answer carries the other end's id, which nobody but the control connection knows: any will show what becomes of it.
    const back = payload.slice();
    setU16(back, 6, this.#random.pick([0x100, 0x200, 0x201, port]));
    const view = new DataView(out.buffer, out.byteOffset);
    const answer = buildPacket({
      family: 4,
      source: view.getUint32(16),
      destination: view.getUint32(12),
      transport: { kind: "raw", protocol: 47, payload: back },
    });
    this.#wire(armOf(source) === "tun0" ? "tun1" : "tun0", answer);
  }
}

const armOf = (address: number | bigint): Arm => {
  const inside = typeof address === "bigint" ? address >> 80n === 0x20010db80001n : address >>> 24 === 10;
  return inside ? "tun0" : "tun1";
};

const readable = (bytes: Uint8Array | undefined): string =>
  bytes === undefined ? "" : JSON.stringify(String.fromCharCode(...bytes.subarray(28)).replaceAll("\0", ""));

interface ExpectedTuple {
  readonly protocol: number;
  readonly source: number | bigint;
  readonly destination: number | bigint;
  readonly port: number;
}

function readTuple(line: string, family: 4 | 6): ExpectedTuple {
  const field = (name: string): string => new RegExp(`${name}=(\\S+)`).exec(line)?.[1] ?? "";
  const address = (name: string): number | bigint => {
    const text = field(name);
    if (family === 6) return text === "::" ? V6.server : six(text);
    const number = text.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
    return number === 0 ? V4.server : number;
  };
  return {
    protocol: Number(field("proto")),
    source: address("src"),
    destination: address("dst"),
    port: Number(field("dport") || field("dstkey")),
  };
}
