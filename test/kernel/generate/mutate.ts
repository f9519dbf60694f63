/** Damage and oddities: what real networks and attackers do to packets. */
import { be16, be32, fixHeaderChecksum, ipPacket, type IpFields } from "./bytes.ts";
import { TOS_VALUES, TTLS } from "./pools.ts";
import type { Random } from "./random.ts";
import { transportOf } from "./world.ts";

/** Random header fields that leave the packet whole: TTL, TOS, options, extension headers. */
export function oddFields(random: Random, family: 4 | 6): Pick<IpFields, "ttl" | "tos" | "id" | "dontFragment" | "options" | "extensions"> {
  return {
    ttl: random.oneIn(8) ? random.pick(TTLS) : 64,
    tos: random.oneIn(6) ? random.pick(TOS_VALUES) : 0,
    id: random.between(1, 65_535),
    dontFragment: random.oneIn(3),
    ...(family === 4 && random.oneIn(30)
      ? {
          options: random.pick([
            [1, 1, 1, 0],
            [148, 4, 0, 0],
            [0, 0, 0, 0],
            [1, 1, 1, 1, 1, 1, 1, 1],
          ]),
        }
      : {}),
    ...(family === 6 && random.oneIn(15) ? { extensions: random.some([...EXTENSIONS, atomicFragment(random)], 1, 2) } : {}),
  };
}

const EXTENSIONS: readonly { readonly type: number; readonly bytes: readonly number[] }[] = [
  { type: 0, bytes: [0, 0, 1, 4, 0, 0, 0, 0] },
  { type: 60, bytes: [0, 0, 1, 4, 0, 0, 0, 0] },
  { type: 60, bytes: [0, 1, 1, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
];

/** A fragment header on a whole packet. The tracker queues it all the same, so that equal ids in two cases would meet. */
const atomicFragment = (random: Random): (typeof EXTENSIONS)[number] => ({ type: 44, bytes: [0, 0, 0, 0, ...be32(random.next())] });

/** Breaks a packet in one way: checksums, lengths, a cut tail, padding, a flipped bit; and says which. */
export function damage(random: Random, packet: Uint8Array): readonly [bytes: Uint8Array, how: string] {
  const family = (packet[0] ?? 0) >> 4;
  const bytes = packet.slice();
  const { at } = transportOf(bytes);
  const choice = random.below(family === 4 ? 7 : 5);
  switch (choice) {
    case 0:
      bytes[Math.min(bytes.length - 1, at + random.below(20))]! ^= 1 << random.below(8);
      return [bytes, "flipped transport bit"];
    case 1: {
      const padded = new Uint8Array(bytes.length + random.between(1, 12));
      padded.set(bytes);
      return [padded, "padding"];
    }
    case 2:
      return [shorten(bytes, random.between(Math.min(at, bytes.length - 1), bytes.length - 1)), "cut and honest about it"];
    case 3:
      return [bytes.slice(0, random.between(1, bytes.length - 1)), "cut"];
    case 4: {
      if (family === 4) bytes[8] = 1;
      else bytes[7] = 1;
      if (family === 4) fixHeaderChecksum(bytes);
      return [bytes, "ttl 1"];
    }
    case 5:
      bytes[10]! ^= 0x5a;
      return [bytes, "bad header checksum"];
    default:
      bytes[0] = 0x40 | random.pick([0, 4, 6, 15]);
      return [bytes, "wrong header length"];
  }
}

/** Fewer bytes, with the length fields saying so. */
function shorten(bytes: Uint8Array, length: number): Uint8Array {
  const short = bytes.slice(0, Math.max(length, 1));
  if ((short[0] ?? 0) >> 4 === 4 && short.length >= 20) {
    short.set(be16(short.length), 2);
    fixHeaderChecksum(short);
  } else if (short.length >= 40) {
    short.set(be16(short.length - 40), 4);
  }
  return short;
}

/** Cuts a transport into fragments, whole or with a hole, an overlap or a changed order; and says which. */
export function fragments(random: Random, ip: IpFields, transport: readonly number[]): readonly [packets: Uint8Array[], how: string] {
  const fields: IpFields = { ...ip, dontFragment: false };
  const cuts = [...new Set([0, ...[0, 0].map(() => 8 * random.below(Math.ceil(transport.length / 8)))])].toSorted((a, b) => a - b);
  const packets = cuts.map((offset, index) => {
    const end = cuts[index + 1] ?? transport.length;
    return ipPacket(fields, transport.slice(offset, end), { offset, more: end < transport.length });
  });
  const how = random.pick(["in order", "in order", "in order", "reversed", "hole", "twice", "overlap"]);
  if (how === "reversed") packets.reverse();
  if (how === "hole") packets.splice(random.below(packets.length), 1);
  if (how === "twice") packets.splice(1, 0, packets[0]!);
  if (how === "overlap" && transport.length > 8) packets.splice(1, 0, ipPacket(fields, transport.slice(0, 8), { offset: 0, more: true }));
  return [packets, `fragments ${how}`];
}
