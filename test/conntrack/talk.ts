/** Flows through a router whose raw table gives them a helper. */
import type { Expectation } from "../../src/conntrack/index.ts";
import { parseAddress, printAddress } from "../../src/packet/index.ts";
import { Flow, type Arm } from "../kernel/helpers/conversation.ts";
import { Router, type RouterOptions } from "./router.ts";

/** Transport and port of the protocols with helpers. */
export const PORTS: Readonly<Record<string, readonly [protocol: "tcp" | "udp", port: number]>> = {
  ftp: ["tcp", 21],
  irc: ["tcp", 6667],
  sane: ["tcp", 6566],
  pptp: ["tcp", 1723],
  tftp: ["udp", 69],
  amanda: ["udp", 10080],
  sip: ["udp", 5060],
  snmp: ["udp", 161],
  snmp_trap: ["udp", 162],
};

/** Words as bytes. */
export const words = (text: string): Uint8Array => Uint8Array.from(text, character => character.charCodeAt(0) & 255);

/** A flow through a router whose raw table gives it a helper. */
export class Talk {
  readonly router: Router;
  readonly flow: Flow;
  /** What left the router last. */
  out: Uint8Array | undefined;

  constructor(helper: string, options: RouterOptions = {}, client = "10.0.0.5", server = "192.0.2.10") {
    const [protocol, port] = PORTS[helper] ?? ["tcp", 0];
    this.router = new Router({ helpers: [{ protocol: protocol === "tcp" ? 6 : 17, port, helper }], ...options });
    this.flow = this.flowTo(protocol, "tun0", client, 40000, server, port);
    this.flow.open();
  }

  flowTo(protocol: "tcp" | "udp", arm: Arm, from: string, fromPort: number, to: string, toPort: number): Flow {
    const wire = (side: Arm, packet: Uint8Array): Uint8Array | undefined => (this.out = this.router.take(packet, side).out);
    return new Flow(
      wire,
      protocol,
      arm,
      { address: parseAddress(from) ?? 0, port: fromPort },
      { address: parseAddress(to) ?? 0, port: toPort },
    );
  }

  /** `c: …` or `s: …` by lines; the text of what left for each, "dropped" for nothing. */
  say(...lines: readonly string[]): string[] {
    return lines.map(line => {
      this.flow.say(line.startsWith("c:") ? "client" : "server", words(line.slice(3)));
      return this.out === undefined ? "dropped" : String.fromCharCode(...this.out.subarray(this.out.indexOf(0x0a0d)));
    });
  }

  get expected(): string[] {
    return this.router.tracker.expectations.list(this.router.now).map(short);
  }
}

function short({ tuple, mask }: Expectation): string {
  const any = tuple.family === 4 ? mask.source === 0 : mask.source === 0n;
  return `${tuple.protocol} ${any ? "*" : printAddress(tuple.source)} > ${printAddress(tuple.destination)}:${tuple.destinationPort}`;
}
