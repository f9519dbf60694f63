import type { Host } from "../../host/index.ts";
import {
  buildPacket,
  encodeCapture,
  ICMP,
  LINK_TYPE,
  PcapngWriter,
  TCP_FLAG,
  type FrameToWrite,
  type TransportRepr,
} from "../../packet/index.ts";
import { dice } from "./dice.ts";

/** Who takes part. IPv4 addresses as numbers. */
interface Scene {
  /** The machine's address towards the world, and the interface; undefined where the page says nothing of the machine. */
  readonly own: number;
  readonly outside: string | undefined;
  /** A network behind the machine. */
  readonly inside: { readonly network: number; readonly own: number; readonly device: string; readonly hidden: boolean } | undefined;
}

const { SYN, ACK, FIN, RST, PSH, URG } = TCP_FLAG;
/** 198.51.100.2, 203.0.113.0 and 192.0.2.0: documentation's own (RFC 5737). */
const OWN = 0xc6336402;
const STRANGERS = 0xcb007100;
const SERVERS = 0xc0000200;
/** 2026-03-02 09:00 UTC, in ns. */
const START = 1_772_442_000_000_000_000n;
/** Of the whole capture, in ms. */
const LENGTH = 600_000;

/**
 * Ten minutes at a machine as a pcapng file: its own errands, visitors of its services, those whom it routes for, scans, spoofed sources and a
 * short flood of SYNs. The same for the same machine.
 */
export function sampleCapture(host: Host | undefined): Uint8Array {
  return encodeCapture(new PcapngWriter(), traffic(sceneOf(host)));
}

function sceneOf(host: Host | undefined): Scene {
  const cards = (host?.interfaces ?? []).flatMap(({ name, link, addresses }) => {
    const own = addresses.find(({ family }) => family === 4);
    return link === "loopback" || own === undefined ? [] : [{ name, own: Number(own.address), length: own.prefixLength }];
  });
  const away = host?.routes.find(({ family, prefixLength, device }) => family === 4 && prefixLength === 0 && device !== undefined)?.device;
  const outside = cards.find(({ name }) => name === away) ?? cards[0];
  const inside = cards.find(card => card !== outside && card.length <= 30);
  return {
    own: outside?.own ?? OWN,
    outside: outside?.name,
    inside: inside && {
      network: networkOf(inside.own, inside.length),
      own: inside.own,
      device: inside.name,
      hidden: isPrivate(inside.own),
    },
  };
}

const networkOf = (address: number, length: number): number => (length === 0 ? 0 : (address & (-1 << (32 - length))) >>> 0);
const isPrivate = (address: number): boolean =>
  address >>> 24 === 10 || address >>> 20 === 0xac1 || address >>> 16 === 0xc0a8 || address >>> 22 === 0x191;

interface Moment {
  /** ms from the start. */
  readonly at: number;
  readonly device: string | undefined;
  readonly bytes: Uint8Array;
}

function traffic(scene: Scene): FrameToWrite[] {
  const random = dice(20_260_302);
  const pick = (below: number): number => random() % below;
  const moments: Moment[] = [];
  const { own, outside, inside } = scene;
  let id = 1;
  const put = (at: number, device: string | undefined, source: number, destination: number, transport: TransportRepr): void => {
    moments.push({ at, device, bytes: buildPacket({ family: 4, source, destination, id: id++ & 0xffff, transport }) });
  };
  const tcp = (sourcePort: number, destinationPort: number, flags: number, seq: number, ack: number, length = 0): TransportRepr => ({
    kind: "tcp",
    sourcePort,
    destinationPort,
    flags,
    sequence: seq,
    acknowledgment: ack,
    window: 64_240,
    payload: new Uint8Array(length),
  });
  /** A whole TCP session. Ends: where each side's packets come in, and what each calls itself and the other. */
  const session = (at: number, client: Side, server: Side, exchanges: number, size: number): void => {
    let [mine, theirs] = [random(), random()];
    let time = at;
    const from = (side: Side, flags: number, length = 0): void => {
      const isClient = side === client;
      const [seq, ack] = isClient ? [mine, theirs] : [theirs, mine];
      const first = isClient && flags === SYN;
      put(time, side.device, side.address, side.sees, tcp(side.port, side.seesPort, flags, seq, first ? 0 : ack, length));
      const used = length + (flags & (SYN | FIN) ? 1 : 0);
      if (isClient) mine = (mine + used) >>> 0;
      else theirs = (theirs + used) >>> 0;
      time += 4 + pick(30);
    };
    from(client, SYN);
    from(server, SYN | ACK);
    from(client, ACK);
    for (let i = 0; i < exchanges; i++) {
      from(client, PSH | ACK, 60 + pick(300));
      for (let part = 0; part < 1 + pick(3); part++) from(server, PSH | ACK, 100 + pick(size));
      from(client, ACK);
      time += pick(2000);
    }
    from(client, FIN | ACK);
    from(server, FIN | ACK);
    from(client, ACK);
  };
  const udp = (at: number, a: Side, b: Side, length: number): void => {
    put(at, a.device, a.address, a.sees, datagram(a.port, a.seesPort, length));
    put(at + 8 + pick(40), b.device, b.address, b.sees, datagram(b.port, b.seesPort, length * 3));
  };
  const datagram = (sourcePort: number, destinationPort: number, length: number): TransportRepr => ({
    kind: "udp",
    sourcePort,
    destinationPort,
    payload: new Uint8Array(length),
  });
  const ping = (
    at: number,
    device: string | undefined,
    source: number,
    answers: string | undefined,
    target: number,
    sequence: number,
  ): void => {
    const echo = (type: number): TransportRepr => ({ kind: "icmp", type, code: 0, id: 0x1234, sequence, payload: new Uint8Array(56) });
    put(at, device, source, target, echo(ICMP.ECHO_REQUEST));
    put(at + 12, answers, target, source, echo(ICMP.ECHO_REPLY));
  };
  const highPort = (): number => 49_152 + pick(11_000);
  const sides = (
    client: { address: number; device: string | undefined },
    server: { address: number; device: string | undefined },
    port: number,
  ): readonly [Side, Side] => {
    const own = highPort();
    return [
      { ...client, port: own, sees: server.address, seesPort: port },
      { ...server, port, sees: client.address, seesPort: own },
    ];
  };
  const self = { address: own, device: outside };
  const stranger = (number: number): { address: number; device: string | undefined } => ({ address: STRANGERS + number, device: outside });

  // A service that somebody else answers for, or nobody: openers alone, sent again.
  for (let i = 0; i < 8; i++) {
    const at = pick(LENGTH - 20_000);
    const [visitor] = sides(stranger(10 + pick(60)), self, 8080);
    const sequence = random();
    for (const later of [0, 1000, 3000]) put(at + later, outside, visitor.address, own, tcp(visitor.port, 8080, SYN, sequence, 0));
  }
  // The machine's own errands.
  for (let i = 0; i < 24; i++) {
    const at = pick(LENGTH);
    udp(at, ...sides(self, { address: SERVERS + 53, device: outside }, 53), 40);
    if (i % 3 === 0)
      session(at + 60, ...sides(self, { address: SERVERS + 10 + pick(20), device: outside }, i % 2 === 0 ? 443 : 80), 3, 1200);
  }
  for (let i = 0; i < 6; i++) udp(i * 100_000 + 5000, ...sides(self, { address: SERVERS + 123, device: outside }, 123), 48);
  // Visitors.
  for (const [port, visits] of [
    [22, 4],
    [80, 20],
    [443, 26],
    [25, 4],
  ] as const)
    for (let i = 0; i < visits; i++) session(pick(LENGTH - 20_000), ...sides(stranger(10 + pick(60)), self, port), 1 + pick(4), 1200);
  for (let i = 0; i < 20; i++) ping(240_000 + i * 1000, outside, STRANGERS + 7, outside, own, i + 1);
  // Those behind it: seen on the inside as they are; answers from the world come to the address that hides them.
  if (inside) {
    for (let i = 0; i < 40; i++) {
      const client = { address: inside.network + 20 + pick(12), device: inside.device };
      const at = pick(LENGTH - 20_000);
      udp(at, ...sides(client, { address: inside.own, device: inside.device }, 53), 36);
      const [there, back] = sides(client, { address: SERVERS + 10 + pick(80), device: outside }, pick(4) === 0 ? 80 : 443);
      session(at + 50, there, inside.hidden ? { ...back, sees: own } : back, 1 + pick(5), 1250);
    }
    session(
      90_000,
      ...sides({ address: inside.network + 20, device: inside.device }, { address: inside.own, device: inside.device }, 22),
      8,
      400,
    );
  }
  // A neighbour outside who knows what lies behind.
  if (inside)
    for (const [i, port] of [22, 80, 139, 445, 3389].entries())
      put(420_000 + i * 1200, outside, STRANGERS + 50, inside.network + 20, tcp(42_000 + i, port, SYN, random(), 0));
  // Scans: ports that nobody serves, and packets that belong to nothing.
  for (const [index, port] of [
    21, 23, 110, 111, 135, 139, 143, 445, 993, 1433, 1723, 2049, 3306, 3389, 5432, 5900, 6379, 8443, 9200, 27_017,
  ].entries()) {
    const at = 300_000 + index * 180;
    const source = 40_000 + index;
    const sequence = random();
    put(at, outside, STRANGERS + 66, own, tcp(source, port, SYN, sequence, 0));
    put(at + 9, outside, own, STRANGERS + 66, tcp(port, source, RST | ACK, 0, (sequence + 1) >>> 0));
  }
  for (const [index, flags] of [0, FIN | PSH | URG, FIN, ACK, SYN | FIN].entries())
    for (const port of [22, 80, 443])
      put(330_000 + index * 500 + port, outside, STRANGERS + 66, own, tcp(41_000 + index, port, flags, random(), 0));
  for (let i = 0; i < 12; i++) put(360_000 + i * 700, outside, STRANGERS + 99, own, datagram(53, 30_000 + i, 200));
  for (let i = 0; i < 10; i++) put(380_000 + i * 900, outside, 0x0a000005 + i, own, tcp(50_000 + i, 22, SYN, random(), 0));
  for (const [i, port] of [161, 1900, 5060, 123].entries())
    put(400_000 + i * 800, outside, STRANGERS + 80 + i, own, datagram(45_000 + i, port, 60));
  // A flood of half a thousand openers within five seconds.
  for (let i = 0; i < 500; i++)
    put(450_000 + pick(5000), outside, STRANGERS + 100 + pick(150), own, tcp(1024 + pick(60_000), 80, SYN, random(), 0));

  return moments
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, device, bytes }) => ({
      time: START + BigInt(at) * 1_000_000n,
      linkType: LINK_TYPE.RAW,
      frame: bytes,
      interfaceName: device,
    }));
}

/** One side of a session: where its packets come from, and whom it takes for the other. */
interface Side {
  readonly device: string | undefined;
  readonly address: number;
  readonly port: number;
  readonly sees: number;
  readonly seesPort: number;
}
