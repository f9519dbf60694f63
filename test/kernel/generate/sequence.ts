/** Random sequences of packets: dialogues that overlap, strays and errors between them. */
import type { Conversation, Steps } from "./conversation.ts";
import { bareSession, icmpSession, sctpSession, udpliteSession, udpSession } from "./session-other.ts";
import { tcpSession } from "./session-tcp.ts";
import { bridgedEnds, icmpError, someEnds, stray } from "./stray.ts";
import type { Random } from "./random.ts";
import type { Side } from "./world.ts";

const OPEN = 6;

/** Endless steps, with a bridge or without, each to be answered with its outcome: what talkers do next depends on what arrived. */
export function* packetSequence(random: Random, family: 4 | 6, bridge = false): Steps {
  const ends = bridge ? bridgedEnds : someEnds;
  const open: Conversation[] = [];
  for (;;) {
    const choice = random.below(20);
    if (choice < 3) yield* stray(random, family, ends(random, family));
    else if (choice < 5 && open.length > 0) yield* icmpError(random, family, random.pick(open));
    else if (open.length === 0 || (choice < 8 && open.length < OPEN)) open.push(newConversation(random, family, ends(random, family)));
    else {
      const one = random.pick(open);
      yield* one.act();
      if (one.over || random.oneIn(40)) open.splice(open.indexOf(one), 1);
    }
  }
}

function newConversation(random: Random, family: 4 | 6, client: Side): Conversation {
  const start = random.weighted([
    [8, tcpSession],
    [6, udpSession],
    [4, icmpSession],
    [3, sctpSession],
    [1, udpliteSession],
    [1, bareSession],
  ] as const);
  return start(random, family, client);
}
