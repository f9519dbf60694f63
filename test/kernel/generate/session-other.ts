/** Dialogues of UDP, UDP-Lite, ICMP, SCTP and protocols without ports. */
import { be16, be32 } from "./bytes.ts";
import type { Conversation, Steps } from "./conversation.ts";
import { Ends } from "./conversation.ts";
import type { Random } from "./random.ts";
import { ICMP, ICMP6, icmpBytes, SCTP, sctpBytes, UDP, udpBytes, UDPLITE, udpliteBytes } from "./transport.ts";
import type { Side } from "./world.ts";

const payload = (random: Random): number[] =>
  Array.from(
    {
      length: random.weighted([
        [8, random.below(40)],
        [1, 200],
        [1, 1372],
      ]),
    },
    (_, index) => index & 255,
  );

/** A dialogue whose packets depend on nothing but direction: it ends by itself after a few. */
function exchange(random: Random, name: string, ends: Ends, say: (fromClient: boolean) => Steps): Conversation {
  let left = random.between(2, 10);
  let first = true;
  return {
    name,
    seen: ends.seen,
    get over() {
      return left <= 0;
    },
    act() {
      left--;
      const fromClient = (first && !random.oneIn(15)) || random.oneIn(2);
      first = false;
      return say(fromClient);
    },
  };
}

/** Datagrams both ways. */
export function udpSession(random: Random, family: 4 | 6, client: Side): Conversation {
  const ends = new Ends(random, family, UDP, client, true);
  return exchange(random, "udp", ends, fromClient => {
    const from = fromClient ? ends.client : ends.server;
    return ends.say(fromClient, "datagram", ip => {
      const bytes = udpBytes(ip, from.sport, from.dport, payload(random));
      if (random.oneIn(12)) bytes.splice(6, 2, 0, 0);
      return bytes;
    });
  });
}

/** UDP-Lite datagrams, some covered in part. */
export function udpliteSession(random: Random, family: 4 | 6, client: Side): Conversation {
  const ends = new Ends(random, family, UDPLITE, client, true);
  return exchange(random, "udplite", ends, fromClient => {
    const from = fromClient ? ends.client : ends.server;
    return ends.say(fromClient, "datagram", ip =>
      // The tracker takes the checksum for UDP's (nf_conntrack_proto_udp.c, udplite_error): right ones are INVALID to it.
      udpliteBytes(random.oneIn(3) ? ip : { ...ip, protocol: UDP }, from.sport, from.dport, payload(random), random.pick([0, 0, 8, 7])),
    );
  });
}

/** Echo and the other questions of ICMP with their answers. */
export function icmpSession(random: Random, family: 4 | 6, client: Side): Conversation {
  const six = family === 6;
  const ends = new Ends(random, family, six ? ICMP6 : ICMP, { ...client, dport: client.sport }, false);
  const [question, answer] = six
    ? (random.pick([
        [128, 129],
        [128, 129],
        [139, 140],
      ]) as [number, number])
    : (random.pick([
        [8, 0],
        [8, 0],
        [8, 0],
        [13, 14],
        [15, 16],
        [17, 18],
      ]) as [number, number]);
  let sequence = 0;
  return exchange(random, "icmp", ends, fromClient => {
    const from = fromClient ? ends.client : ends.server;
    if (fromClient) sequence++;
    return ends.say(fromClient, fromClient ? "question" : "answer", ip =>
      icmpBytes(ip, fromClient ? question : answer, random.oneIn(20) ? 1 : 0, [...be16(from.sport), ...be16(sequence)], payload(random)),
    );
  });
}

/** Body of INIT and INIT ACK. */
const start = (tag: number): number[] => [...be32(tag >>> 0), ...be32(65_536), ...be16(1), ...be16(1), ...be32(1)];

/** An SCTP association from INIT to SHUTDOWN, with wrong tags and aborts now and then. */
export function sctpSession(random: Random, family: 4 | 6, client: Side): Conversation {
  const ends = new Ends(random, family, SCTP, client, true);
  const tags: readonly [client: number, server: number] = [random.next() | 1, random.next() | 1];
  const script: readonly (readonly [fromClient: boolean, type: number, data: readonly number[]])[] = [
    [true, 1, start(tags[0])],
    [false, 2, start(tags[1])],
    [true, 10, [1, 2, 3, 4]],
    [false, 11, []],
    [true, 0, [...be32(1), 0, 0, 0, 0, 0, 0, 0, 0, 65]],
    [false, 3, [...be32(1), ...be32(1000), 0, 0, 0, 0]],
    [true, 4, [0, 1, 0, 4]],
    [false, 5, [0, 1, 0, 4]],
    [true, 7, be32(1)],
    [false, 8, []],
    [true, 14, []],
  ];
  let at = random.oneIn(8) ? random.below(script.length) : 0;
  return {
    name: "sctp",
    seen: ends.seen,
    get over() {
      return at >= script.length;
    },
    act() {
      const [fromClient, type, data] = script[at]!;
      if (!random.oneIn(7)) at++;
      const odd = random.oneIn(12);
      const side = odd ? random.oneIn(2) : fromClient;
      const kind = odd ? random.pick([6, 0, 1, 9, 14, 193]) : type;
      const from = side ? ends.client : ends.server;
      const tag = random.oneIn(14) ? random.next() : kind === 1 ? 0 : side ? tags[1] : tags[0];
      const chunks = [
        {
          type: kind,
          flags: kind === 0 ? 3 : kind === 6 && random.oneIn(2) ? 1 : 0,
          data: odd && kind === 1 ? start(random.next()) : data,
        },
      ];
      if (random.oneIn(8)) chunks.push({ type: random.pick([0, 3, 4, 6]), flags: 0, data: be32(7) });
      return ends.say(side, `sctp chunk ${kind}`, () => sctpBytes(from.sport, from.dport, tag >>> 0, chunks));
    },
  };
}

/** Packets of a protocol without ports: ESP, GRE version 0 with and without key, and unknown ones. */
export function bareSession(random: Random, family: 4 | 6, client: Side): Conversation {
  const protocol = random.pick([47, 50, 51, 4, 41, 89, 253, 132, 33]);
  const ends = new Ends(random, family, protocol, client, true);
  const body =
    protocol === 47 && random.oneIn(2)
      ? [0x20, 0, 0x88, 0x0b, 0, 0, 0, 7]
      : Array.from({ length: random.pick([0, 4, 8, 16, 40]) }, () => random.below(256));
  return exchange(random, `protocol ${protocol}`, ends, fromClient => ends.say(fromClient, `protocol ${protocol}`, () => body));
}
