/** What all conversations share: two sides, the second of which is learnt from what arrives. */
import type { Outcome, Step } from "../referee.ts";
import { ipPacket, type IpFields } from "./bytes.ts";
import { damage, fragments, oddFields } from "./mutate.ts";
import type { Random } from "./random.ts";
import { answererOf, arrivalOf, put, untranslatedAnswerer, type Arrival, type Side } from "./world.ts";

/** Steps to be taken, each answered with its outcome. */
export type Steps = Generator<Step, void, Outcome>;

/** A dialogue over the firewall under test. `act` makes its next packet or packets. */
export interface Conversation {
  readonly name: string;
  act(): Steps;
  /** Packets as their receivers last saw them, for ICMP errors to quote. */
  readonly seen: readonly Arrival[];
  readonly over: boolean;
}

/** The two ends of a dialogue. The client speaks first; the server's side is what arrived, or a guess. */
export class Ends {
  readonly client: Side;
  readonly seen: Arrival[] = [];
  readonly #random: Random;
  readonly #family: 4 | 6;
  readonly #protocol: number;
  readonly #ports: boolean;
  #server: Side | undefined;

  constructor(random: Random, family: 4 | 6, protocol: number, client: Side, ports: boolean) {
    this.#random = random;
    this.#family = family;
    this.#protocol = protocol;
    this.client = client;
    this.#ports = ports;
  }

  get server(): Side {
    return this.#server ?? untranslatedAnswerer(this.#family, this.client);
  }

  get reached(): boolean {
    return this.#server !== undefined;
  }

  /** The IP header of a packet from one side, with oddities now and then. */
  header(from: Side): IpFields {
    return {
      family: this.#family,
      source: from.source,
      destination: from.destination,
      protocol: this.#protocol,
      ...oddFields(this.#random, this.#family),
    };
  }

  /** Sends transport bytes made for a header; sometimes damaged or in fragments. Learns from what arrives. */
  *say(fromClient: boolean, note: string, transport: (ip: IpFields) => number[]): Steps {
    const from = fromClient ? this.client : this.server;
    const ip = this.header(from);
    const body = transport(ip);
    const whole = ipPacket(ip, body);
    const who = `${fromClient ? "client" : "server"}: ${note}`;
    if (this.#random.oneIn(30)) {
      const [broken, how] = damage(this.#random, whole);
      yield put(this.#random, from.seat, broken, `${who}, ${how}`);
      return;
    }
    if (body.length > 16 && this.#random.oneIn(25)) {
      const [packets, how] = fragments(this.#random, ip, body);
      for (const packet of packets) this.#learn(fromClient, packet, yield put(this.#random, from.seat, packet, `${who}, ${how}`));
      return;
    }
    this.#learn(fromClient, whole, yield put(this.#random, from.seat, whole, who));
  }

  #learn(fromClient: boolean, sent: Uint8Array, outcome: Outcome): void {
    const arrival = arrivalOf(sent, outcome);
    if (arrival === undefined) return;
    this.seen[fromClient ? 0 : 1] = arrival;
    if (fromClient) this.#server = answererOf(arrival, this.#ports);
  }
}
