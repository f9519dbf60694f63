/** Packets that belong to no dialogue, and ICMP errors that belong to one. */
import { be16, be32, ipPacket, type IpFields } from "./bytes.ts";
import type { Conversation, Steps } from "./conversation.ts";
import { damage, oddFields } from "./mutate.ts";
import { anyAddress, BRIDGED, clientPort, ICMP6_TYPES, ICMP_TYPES, LOCAL, ON_BRIDGE, PORTS, REMOTE, serverPort } from "./pools.ts";
import type { Random } from "./random.ts";
import { FLAGS, ICMP, ICMP6, icmpBytes, TCP, tcpBytes, UDP, udpBytes } from "./transport.ts";
import { addressesOf, LOCALLY, put, seatOf, transportOf, type Seat, type Side } from "./world.ts";

/** Two ends that can be routed to each other: not two hosts behind the same interface, now and then even that. */
export function someEnds(random: Random, family: 4 | 6): Side {
  const seat = random.weighted<Seat>([
    [4, "eth0"],
    [4, "eth1"],
    [2, "ppp0"],
    [4, LOCALLY],
  ]);
  const loopback = seat === LOCALLY && random.oneIn(10);
  const source =
    seat === LOCALLY ? (loopback ? loopbackAddress(family) : random.pick(LOCAL[family])) : random.pick(REMOTE[family][seat] ?? []);
  const destination = loopback ? loopbackAddress(family) : elsewhere(random, family, seat);
  return { seat, source, destination, sport: clientPort(random), dport: serverPort(random) };
}

/** Two ends one of which is behind the bridge. */
export function bridgedEnds(random: Random, family: 4 | 6): Side {
  const side = someEnds(random, family);
  const [port, host] = random.pick(Object.entries(BRIDGED[family]));
  const looped = side.source === loopbackAddress(family);
  if (random.oneIn(3) && !looped) return { ...side, destination: host };
  const there = random.weighted([
    [3, random.pick(Object.values(BRIDGED[family]))],
    [1, ON_BRIDGE[family]],
    [2, anyAddress(random, family)],
  ]);
  return { ...side, seat: port, source: host, destination: there };
}

/** An address behind another seat, now and then behind the same. */
function elsewhere(random: Random, family: 4 | 6, seat: Seat): string {
  for (let tries = 0; ; tries++) {
    const address = anyAddress(random, family);
    if (seatOf(family, address) !== seat || tries === 4 || random.oneIn(8)) return address;
  }
}

const loopbackAddress = (family: 4 | 6): string => (family === 4 ? "127.0.0.1" : "::1");

/** One packet out of nowhere: odd flags, answers nobody asked for, ICMP of any type, broadcast and multicast destinations. */
export function* stray(random: Random, family: 4 | 6, side: Side): Steps {
  const destination = random.oneIn(25) ? groupAddress(random, family) : side.destination;
  const ip = (protocol: number): IpFields => ({ family, source: side.source, destination, protocol, ...oddFields(random, family) });
  const sport = random.pick(PORTS);
  const dport = random.pick(PORTS);
  let packet: Uint8Array;
  let note: string;
  switch (random.below(4)) {
    case 0: {
      const header = ip(TCP);
      const flags = random.oneIn(2)
        ? random.pick([FLAGS.ack, FLAGS.syn | FLAGS.ack, FLAGS.rst, FLAGS.fin | FLAGS.ack, FLAGS.syn])
        : random.below(256);
      packet = ipPacket(header, tcpBytes(header, { sport, dport, flags, seq: random.next(), ack: random.next() }));
      note = `stray tcp flags ${flags}`;
      break;
    }
    case 1: {
      const header = ip(UDP);
      packet = ipPacket(header, udpBytes(header, sport, dport, [1, 2, 3]));
      note = "stray udp";
      break;
    }
    case 2: {
      const header = ip(family === 6 ? ICMP6 : ICMP);
      const [type, code] = random.pick(family === 6 ? ICMP6_TYPES : ICMP_TYPES);
      packet = ipPacket(
        header,
        icmpBytes(
          header,
          type,
          code,
          be32(random.next()),
          Array.from({ length: random.pick([0, 4, 28, 60]) }, () => random.below(256)),
        ),
      );
      note = `stray icmp ${type}/${code}`;
      break;
    }
    default: {
      // A local program that sends an IPv6 header of nonsense options is no case of interest.
      const hopByHop = family === 6 && side.seat === LOCALLY ? [] : [0];
      const header = ip(random.pick([...hopByHop, 2, 47, 50, 51, 59, 105, 132, 136, 254]));
      packet = ipPacket(
        header,
        Array.from({ length: random.pick([0, 1, 8, 24, 100]) }, () => random.below(256)),
      );
      note = `stray protocol ${header.protocol}`;
      break;
    }
  }
  if (random.oneIn(8)) {
    const [broken, how] = damage(random, packet);
    packet = broken;
    note += `, ${how}`;
  }
  yield put(random, side.seat, packet, note);
}

function groupAddress(random: Random, family: 4 | 6): string {
  return family === 4
    ? random.pick(["255.255.255.255", "10.99.0.255", "192.168.255.255", "224.0.0.1", "239.1.2.3"])
    : random.pick(["ff02::1", "ff0e::5"]);
}

/** An ICMP error about a packet of a dialogue, as a router or the receiver sends it. */
export function* icmpError(random: Random, family: 4 | 6, about: Conversation): Steps {
  const seen = about.seen.filter(arrival => arrival !== undefined);
  if (seen.length === 0) return;
  const quoted = random.pick(seen);
  const [source, destination] = addressesOf(quoted.bytes);
  const { at } = transportOf(quoted.bytes);
  const hosts = REMOTE[family][quoted.seat] ?? LOCAL[family];
  const sender = random.oneIn(2) && quoted.seat !== LOCALLY ? destination : random.pick(hosts);
  const [type, code] =
    family === 6
      ? (random.pick([
          [1, 4],
          [1, 1],
          [2, 0],
          [3, 0],
          [4, 1],
        ]) as [number, number])
      : (random.pick([
          [3, 1],
          [3, 3],
          [3, 4],
          [3, 13],
          [11, 0],
          [12, 0],
          [4, 0],
          [5, 1],
        ]) as [number, number]);
  const length = random.oneIn(3) ? quoted.bytes.length : Math.min(quoted.bytes.length, at + random.pick([8, 8, 20, 7, 0]));
  const quote = [...quoted.bytes.subarray(0, length)];
  const header: IpFields = {
    family,
    source: sender,
    destination: source,
    protocol: family === 6 ? ICMP6 : ICMP,
    ...oddFields(random, family),
  };
  let packet = ipPacket(
    header,
    icmpBytes(
      header,
      type,
      code,
      type === 3 && code === 4 && family === 4 ? [0, 0, ...be16(1300)] : be32(family === 6 && type === 2 ? 1300 : 0),
      quote,
    ),
  );
  let note = `icmp error ${type}/${code} about ${about.name}`;
  if (random.oneIn(12)) {
    const [broken, how] = damage(random, packet);
    packet = broken;
    note += `, ${how}`;
  }
  yield put(random, quoted.seat, packet, note);
}
