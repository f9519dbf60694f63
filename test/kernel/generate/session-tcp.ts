/** A TCP session, mostly as it should be: three-way handshake, data, close; with retransmits, resets and nonsense between. */
import type { Conversation, Steps } from "./conversation.ts";
import { Ends } from "./conversation.ts";
import { MSS_VALUES } from "./pools.ts";
import type { Random } from "./random.ts";
import { FLAGS, TCP, tcpBytes } from "./transport.ts";
import type { Side } from "./world.ts";

const { fin: FIN, syn: SYN, rst: RST, psh: PSH, ack: ACK, urg: URG, ece: ECE, cwr: CWR } = FLAGS;

interface Half {
  /** Next sequence number to send. */
  next: number;
  /** Window scale offered, or -1. */
  scale: number;
}

interface Spoken {
  readonly fromClient: boolean;
  readonly flags: number;
  readonly seq: number;
  readonly ack: number;
  readonly data: readonly number[];
  readonly options: readonly number[];
  readonly window: number;
}

/** Starts a session of a client. */
export function tcpSession(random: Random, family: 4 | 6, client: Side): Conversation {
  const ends = new Ends(random, family, TCP, client, true);
  const halves: readonly [Half, Half] = [
    { next: random.next(), scale: -1 },
    { next: random.next(), scale: -1 },
  ];
  let phase = random.oneIn(12) ? 3 : 0;
  let last: Spoken | undefined;

  function* speak(spoken: Spoken, note: string): Steps {
    const { next } = half(spoken.fromClient);
    if (spoken.seq === next)
      half(spoken.fromClient).next = (next + spoken.data.length + ((spoken.flags & (SYN | FIN)) === 0 ? 0 : 1)) >>> 0;
    last = spoken;
    const from = spoken.fromClient ? ends.client : ends.server;
    yield* ends.say(spoken.fromClient, note, ip => tcpBytes(ip, { sport: from.sport, dport: from.dport, ...spoken }));
  }

  const half = (client: boolean): Half => halves[client ? 0 : 1];

  function segment(fromClient: boolean, flags: number, change: Partial<Spoken> = {}): Spoken {
    const ack = (flags & ACK) === 0 ? 0 : half(!fromClient).next;
    const window = random.weighted([
      [12, 64_240],
      [1, 0],
      [1, 1],
      [2, 1000],
      [1, 65_535],
    ]);
    return { fromClient, flags, seq: half(fromClient).next, ack, data: [], options: [], window, ...change };
  }

  function payload(): number[] {
    const length = random.weighted([
      [6, random.between(1, 30)],
      [2, random.between(31, 200)],
      [1, 1380],
    ]);
    return Array.from({ length }, (_, index) => (index * 7) & 255);
  }

  function synOptions(fromClient: boolean): number[] {
    const options: number[] = [];
    const mss = random.pick(MSS_VALUES);
    if (!random.oneIn(5)) options.push(2, 4, mss >> 8, mss & 255);
    if (random.oneIn(2)) {
      const scale = random.pick([0, 2, 7, 14, 15]);
      half(fromClient).scale = scale;
      options.push(3, 3, scale);
    }
    if (random.oneIn(2)) options.push(4, 2);
    if (random.oneIn(4)) options.push(8, 10, 0, 0, 0, 1, 0, 0, 0, 2);
    if (random.oneIn(12)) options.push(random.pick([0, 5, 30, 254]));
    return options;
  }

  function* regular(): Steps {
    switch (phase) {
      case 0:
        phase = 1;
        return yield* speak(segment(true, SYN, { options: synOptions(true) }), "syn");
      case 1:
        phase = 2;
        return yield* speak(segment(false, SYN | ACK, { options: synOptions(false) }), "syn+ack");
      case 2:
        phase = 3;
        return yield* speak(segment(true, ACK), "ack");
      case 3: {
        const fromClient = random.oneIn(2);
        if (random.oneIn(6)) phase = 4;
        if (random.oneIn(3)) return yield* speak(segment(fromClient, ACK), "pure ack");
        return yield* speak(segment(fromClient, ACK | (random.oneIn(2) ? PSH : 0), { data: payload() }), "data");
      }
      case 4:
        phase = 5;
        return yield* speak(segment(true, FIN | ACK), "fin");
      case 5:
        phase = random.oneIn(2) ? 6 : 5;
        return yield* speak(segment(false, phase === 6 ? FIN | ACK : ACK), phase === 6 ? "fin back" : "ack of fin");
      case 6:
        phase = 7;
        return yield* speak(segment(true, ACK), "last ack");
      default:
        phase = random.oneIn(4) ? 0 : 8;
        halves[0].next = (halves[0].next + random.pick([1, 100_000, 0x8000_0000])) >>> 0;
        return yield* speak(segment(random.oneIn(2), ACK), "ack after the end");
    }
  }

  function* irregular(): Steps {
    const fromClient = random.oneIn(2);
    const shift = (amount: number): number => (half(fromClient).next + amount) >>> 0;
    switch (random.below(12)) {
      case 0:
      case 1:
        return yield* last === undefined ? regular() : speak(last, "retransmit");
      case 2:
        return yield* speak(segment(fromClient, RST | (random.oneIn(2) ? ACK : 0)), "reset");
      case 3:
        return yield* speak(
          segment(fromClient, RST, { seq: shift(random.pick([-1, 1, 100, 70_000, -70_000, 0x8000_0000])) }),
          "reset beside the window",
        );
      case 4:
        return yield* speak(
          segment(fromClient, SYN, { seq: random.oneIn(2) ? shift(0) : random.next(), options: synOptions(fromClient) }),
          "syn in between",
        );
      case 5:
        return yield* speak(
          segment(fromClient, ACK | PSH, { seq: shift(random.pick([-10, 200, 65_536, -65_536, 1_000_000])), data: payload() }),
          "data out of place",
        );
      case 6:
        return yield* speak(
          segment(fromClient, ACK, { ack: (half(!fromClient).next + random.pick([1, 1000, 100_000, -100_000, -1])) >>> 0 }),
          "wrong ack",
        );
      case 7:
        return yield* speak(segment(fromClient, SYN | ACK, { options: synOptions(fromClient) }), "syn+ack in between");
      case 8:
        return yield* speak(segment(fromClient, FIN | ACK), "early fin");
      case 9:
        return yield* speak(
          segment(
            fromClient,
            random.pick([
              0,
              FIN,
              FIN | PSH | URG,
              SYN | FIN,
              SYN | RST,
              0xff,
              SYN | ECE | CWR,
              SYN | ACK | ECE,
              URG,
              PSH,
              FIN | RST,
              ACK | URG | PSH,
            ]),
          ),
          "odd flags",
        );
      case 10:
        return yield* speak(segment(fromClient, ACK, { seq: shift(-1), data: random.oneIn(2) ? [0] : [] }), "keep-alive");
      default:
        return yield* speak(
          segment(fromClient, ACK | PSH, {
            data: payload(),
            options: [1, 1, 5, 10, ...Array.from({ length: 8 }, () => random.below(256))],
          }),
          "data with sack",
        );
    }
  }

  return {
    name: "tcp",
    seen: ends.seen,
    get over() {
      return phase === 8;
    },
    act: () => (random.oneIn(6) ? irregular() : regular()),
  };
}
