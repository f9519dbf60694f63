/** SNMP messages, whose addresses are values among others. */
import { concat } from "../../../src/packet/index.ts";
import type { Random } from "../generate/random.ts";
import type { Endpoint } from "./conversation.ts";
import { text, type Protocol } from "./protocol.ts";

/** Tag, length and contents; now and then the length takes a byte or two more than it must. */
function element(random: Random, tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const inner = concat(...parts);
  const { length } = inner;
  const long = length > 0xff || random.oneIn(20);
  const head = long ? [0x82, length >> 8, length & 255] : length > 0x7f || random.oneIn(20) ? [0x81, length] : [length];
  return concat(Uint8Array.of(tag, ...head), inner);
}

const octets = ({ address }: Endpoint): Uint8Array => Uint8Array.from([24, 16, 8, 0], shift => (Number(address) >>> shift) & 255);

/** SNMP, or its traps. */
export const snmp = (helper: "snmp" | "snmp_trap", port: number): Protocol => ({
  helper,
  transport: "udp",
  port,
  families: [4],
  line({ random, client, server, called, caller }) {
    const number = (value: number): Uint8Array => element(random, 2, Uint8Array.of(value));
    const value = (): Uint8Array =>
      random.weighted([
        [8, element(random, 0x40, octets(random.pick([client, server, called, caller])))],
        [1, number(7)],
        [1, element(random, random.pick([4, 6, 0x41, 0x42, 0x43, 0x44, 0x46, 0x45, 0x47]), text("abcd"))],
        [1, element(random, random.pick([5, 0x80, 0x81, 0x82, 0x83]), new Uint8Array())],
        [1, new Uint8Array()],
        [1, concat(number(1), element(random, 0x40, octets(client)))],
      ]);
    const binding = (): Uint8Array => element(random, 0x30, element(random, 6, text(random.pick(["+", "+a", "+ab"]))), value());
    const bindings = element(random, 0x30, ...Array.from({ length: random.between(0, 3) }, binding));
    const kind = random.pick([0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9]);
    const pdu = element(random, kind, number(1), number(0), number(0), bindings);
    const version = number(random.pick([0, 0, 1, 1, 2, 3]));
    return [
      random.pick(["client", "server"]),
      element(random, 0x30, version, element(random, 4, text("public")), ...(random.oneIn(12) ? [] : [pdu])),
    ];
  },
});
