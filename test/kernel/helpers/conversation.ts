/** Two ends that talk through a router, each knowing only what it receives. */
import { buildPacket, concat, dissect, isFault, Tcp, TCP_FLAG, u128, u16, u32, type TransportRepr } from "../../../src/packet/index.ts";

/** An address and a port. */
export interface Endpoint {
  readonly address: number | bigint;
  readonly port: number;
}

/** Which arm of the router something is on. */
export type Arm = "tun0" | "tun1";

/** Takes a packet from an arm, and gives what leaves by the other; undefined when nothing does. */
export type Wire = (arm: Arm, packet: Uint8Array) => Uint8Array | undefined;

/** One end of a flow: its address, the peer as it sees it, and TCP's numbers. */
interface End {
  readonly arm: Arm;
  own: Endpoint;
  peer: Endpoint;
  sequence: number;
  acknowledged: number;
  /** The last packet that reached it. */
  received: Uint8Array | undefined;
}

/** A flow through the router. `client` opens it. */
export class Flow {
  readonly #wire: Wire;
  readonly #protocol: "tcp" | "udp";
  readonly #client: End;
  #server: End | undefined;

  /** Datagrams go without a checksum. */
  unsummed = false;

  constructor(wire: Wire, protocol: "tcp" | "udp", arm: Arm, own: Endpoint, peer: Endpoint, sequence = 1000) {
    this.#wire = wire;
    this.#protocol = protocol;
    this.#client = { arm, own, peer, sequence, acknowledged: 0, received: undefined };
  }

  /** How the server sees itself and its client; undefined until something reached it. */
  get server(): { readonly own: Endpoint; readonly peer: Endpoint } | undefined {
    return this.#server;
  }

  /** TCP's three segments; false when they did not all pass. */
  open(): boolean {
    if (this.#protocol === "udp") return true;
    return (
      this.#segment("client", TCP_FLAG.SYN, new Uint8Array()) &&
      this.#segment("server", TCP_FLAG.SYN | TCP_FLAG.ACK, new Uint8Array()) &&
      this.#segment("client", TCP_FLAG.ACK, new Uint8Array())
    );
  }

  /** Sends data; false when it did not pass. `options` are those of TCP's header. */
  say(from: "client" | "server", payload: Uint8Array, options?: Uint8Array): boolean {
    if (this.#protocol === "tcp") return this.#segment(from, TCP_FLAG.PSH | TCP_FLAG.ACK, payload, options);
    const end = this.#end(from);
    return end !== undefined && this.#send(from, end, { kind: "udp", sourcePort: end.own.port, destinationPort: end.peer.port, payload });
  }

  /** A segment without data that acknowledges what came, with a SACK block if asked. */
  acknowledge(from: "client" | "server", options?: Uint8Array): boolean {
    return this.#protocol === "udp" || this.#segment(from, TCP_FLAG.ACK, new Uint8Array(), options);
  }

  /** Sends the last data once more from so many bytes before. */
  back(from: "client" | "server", bytes: number): void {
    const end = this.#end(from);
    if (end !== undefined) end.sequence = (end.sequence - bytes) >>> 0;
  }

  /** Answers the last packet with an ICMP error about it. */
  complain(by: "client" | "server"): void {
    const end = this.#end(by);
    if (end?.received === undefined) return;
    const { address: source } = end.own;
    const { address: destination } = end.peer;
    const payload = end.received.subarray(0, 80);
    const packet =
      typeof source === "number"
        ? buildPacket({ family: 4, source, destination: Number(destination), transport: { kind: "icmp", type: 3, code: 3, payload } })
        : buildPacket({ family: 6, source, destination: BigInt(destination), transport: { kind: "icmpv6", type: 1, code: 4, payload } });
    this.#wire(end.arm, packet);
  }

  /** Where the other end's data have come to, as this end knows it. */
  acknowledgedBy(from: "client" | "server"): number {
    return this.#end(from)?.acknowledged ?? 0;
  }

  #end(from: "client" | "server"): End | undefined {
    return from === "client" ? this.#client : this.#server;
  }

  #segment(from: "client" | "server", flags: number, payload: Uint8Array, options?: Uint8Array): boolean {
    const end = this.#end(from);
    if (end === undefined) return false;
    const passed = this.#send(from, end, {
      kind: "tcp",
      sourcePort: end.own.port,
      destinationPort: end.peer.port,
      sequence: end.sequence,
      acknowledgment: end.acknowledged,
      flags,
      window: 60000,
      payload,
      ...(options !== undefined && { options }),
    });
    if (passed) end.sequence = (end.sequence + payload.length + (flags & (TCP_FLAG.SYN | TCP_FLAG.FIN) ? 1 : 0)) >>> 0;
    return passed;
  }

  #send(from: "client" | "server", end: End, transport: TransportRepr): boolean {
    const { address: source } = end.own;
    const { address: destination } = end.peer;
    const packet =
      typeof source === "number"
        ? buildPacket({ family: 4, source, destination: Number(destination), transport })
        : buildPacket({ family: 6, source, destination: BigInt(destination), transport });
    if (this.unsummed && transport.kind === "udp" && typeof source === "number") packet.fill(0, 26, 28);
    const out = this.#wire(end.arm, packet);
    if (out === undefined) return false;
    this.#receive(from === "client" ? "server" : "client", end.arm, out);
    return true;
  }

  #receive(at: "client" | "server", cameFrom: Arm, packet: Uint8Array): void {
    const layout = dissect(packet);
    if (isFault(layout) || layout.l4 + 8 > layout.totalLength) return;
    const address = (offset4: number, offset6: number): number | bigint =>
      layout.family === 4 ? u32(packet, offset4) : u128(packet, offset6);
    const peer = { address: address(12, 8), port: u16(packet, layout.l4) };
    const own = { address: address(16, 24), port: u16(packet, layout.l4 + 2) };
    if (at === "server")
      this.#server ??= { arm: cameFrom === "tun0" ? "tun1" : "tun0", own, peer, sequence: 50_000, acknowledged: 0, received: undefined };
    const end = this.#end(at);
    if (end !== undefined) end.received = packet;
    const tcp = this.#protocol === "tcp" ? Tcp.at(packet, layout.l4, layout.totalLength) : undefined;
    if (end === undefined || tcp === undefined) return;
    const length = layout.totalLength - layout.l4 - tcp.headerLength + (tcp.flags & 3 ? 1 : 0);
    end.acknowledged = (tcp.sequence + length) >>> 0;
  }
}

/** A SACK option with its blocks, after two no-operations. */
export function sackOption(...edges: readonly number[]): Uint8Array {
  const words = edges.flatMap(edge => [edge >>> 24, (edge >>> 16) & 255, (edge >>> 8) & 255, edge & 255]);
  return concat(Uint8Array.of(1, 1, 5, 2 + words.length), Uint8Array.from(words));
}
