import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  buildAh,
  buildExtension,
  bytesToSpec,
  dissect,
  encodeUtf8,
  equalBytes,
  hex,
  isFault,
  isNotationFault,
  parseNotation,
  printNotation,
  specToBytes,
  transportChecksumHolds,
  type Layout,
  type PacketSpec,
} from "./index.ts";

const U32 = 0xffffffff;
const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const number = (max: number): fc.Arbitrary<number> => fc.oneof(fc.nat({ max }), fc.constantFrom(0, 1, max));
const bytes = (max: number): fc.Arbitrary<Uint8Array> =>
  fc.oneof(
    fc.uint8Array({ maxLength: max }),
    fc
      .string({ unit: fc.constantFrom("G", "E", "T", " ", '"', "\\", "\n", "\r", "\t", "é", "\u001b", "0x"), maxLength: max / 4 })
      .map(encodeUtf8),
  );
const interfaceName = fc.string({
  unit: fc.constantFrom("e", "t", "h", "0", ".", '"', ">", "\\", "-", "é", "中", "\u001b", " "),
  minLength: 1,
  maxLength: 15,
});
const port = number(65535);

/** Fields that any packet may have. */
const step = fc.record({ protocol: number(255), spi: number(U32), reqid: number(U32) });
const ends = fc.oneof(
  fc.record({ source: fc.nat(), destination: fc.nat() }),
  fc.record({ source: fc.bigInt(0n, 2n ** 128n - 1n), destination: fc.bigInt(0n, 2n ** 128n - 1n) }),
);
const security = fc.array(
  fc.oneof(
    step.map(each => ({ mode: "transport" as const, ...each })),
    fc.tuple(step, ends).map(([each, both]) => ({ mode: "tunnel" as const, ...each, ...both })),
  ),
  { minLength: 1, maxLength: 6 },
);
const general = {
  in: optional(interfaceName),
  out: optional(interfaceName),
  physin: optional(interfaceName),
  physout: optional(interfaceName),
  mark: optional(number(U32)),
  ttl: optional(number(255)),
  tos: optional(number(255)),
  mac: optional(number(2 ** 48 - 1)),
  pkttype: optional(fc.constantFrom("host", "broadcast", "multicast", "otherhost")),
  cpu: optional(number(0xffff)),
  realm: optional(number(U32)),
  inGroup: optional(number(U32)),
  outGroup: optional(number(U32)),
  cgroup: optional(number(U32)),
  cgroupPath: optional(interfaceName.map(each => `/${each}`)),
  ipsecIn: optional(security),
  ipsecOut: optional(security),
  localSocket: optional(fc.record({ bound: fc.boolean(), transparent: fc.boolean() })),
  socketMark: optional(number(U32)),
  ctState: optional(fc.constantFrom("NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED")),
  uid: optional(number(U32)),
  gid: optional(number(U32)),
  data: optional(bytes(60)),
};

const tcp = {
  protocol: fc.constant(6),
  tcpFlags: number(255),
  seq: optional(number(U32)),
  ack: optional(number(U32)),
  window: optional(number(65535)),
  options: fc.oneof(
    fc.record({ mss: optional(number(65535)), windowScale: optional(number(255)), sackPermitted: optional(fc.constant(true)) }),
    fc.record({ tcpOptions: fc.uint8Array({ maxLength: 40 }) }),
  ),
};
const icmp = {
  protocol: fc.constantFrom(1, 58),
  icmp: fc.record({ type: number(255), code: number(255) }),
  options: fc.oneof(fc.record({ id: optional(number(65535)), seq: optional(number(U32)) }), fc.record({ rest: number(U32) })),
};
const ported = fc.oneof(
  fc.record(tcp),
  fc.record({ protocol: fc.constantFrom(17, 136) }),
  fc.record({
    protocol: fc.constant(132),
    chunks: optional(fc.array(number(255), { minLength: 1, maxLength: 5 })),
    vtag: optional(number(U32)),
  }),
  fc.record({ protocol: fc.constant(33), dccpType: optional(fc.nat({ max: 15 })) }),
);
const portless = fc.oneof(
  fc.record(icmp),
  fc.record({ protocol: fc.nat({ max: 255 }).filter(each => ![1, 6, 17, 33, 58, 132, 136].includes(each)) }),
);
const headless = fc.record({
  protocol: fc.nat({ max: 255 }),
  where: fc.oneof(
    fc.record({ raw: fc.constant(true) }),
    fc.record({ fragment: fc.record({ offset: fc.integer({ min: 1, max: 8191 }), more: fc.boolean() }) }),
  ),
});

/** Drops what is undefined, as exact optional properties want it. */
function compact(value: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined));
}

const address = (family: 4 | 6): fc.Arbitrary<number | bigint> => (family === 4 ? number(U32) : fc.bigInt(0n, 2n ** 128n - 1n));

const extension = fc
  .tuple(fc.constantFrom(0, 43, 60), fc.uint8Array({ maxLength: 20 }))
  .map(([protocol, body]) => buildExtension(protocol, body));
const ah = fc.constant({ protocol: 51, bytes: buildAh(0, 4096, 1) });
const ip6 = fc.record({
  flowLabel: optional(number(0xfffff)),
  extensions: optional(fc.array(fc.oneof(extension, ah), { minLength: 1, maxLength: 3 })),
});

/** Every packet the notation can say. */
const anySpec: fc.Arbitrary<PacketSpec> = fc.constantFrom(4 as const, 6 as const).chain(family =>
  fc
    .record({
      session: fc.boolean(),
      source: address(family),
      destination: address(family),
      ports: fc.tuple(port, port),
      general: fc.record(general),
      ip:
        family === 4
          ? fc.record({
              df: optional(fc.constant(true)),
              ipid: optional(number(65535)),
              ipOptions: optional(fc.uint8Array({ maxLength: 40 })),
            })
          : ip6,
      first: optional(fc.record({ offset: fc.constant(0), more: fc.boolean() })),
      transport: fc.oneof(ported, portless, headless) as fc.Arbitrary<{ protocol: number; options?: object; where?: object }>,
      spoilt: optional(fc.constant(true)),
      stretch: fc.option(fc.nat({ max: 50 })),
    })
    .map(({ session, source, destination, ports, general: common, ip, first, transport: { options, where, ...rest }, spoilt, stretch }) => {
      let { protocol } = rest;
      // The ICMP of the family, and no other protocol's header, is what the generator means by an ICMP type.
      if ("icmp" in rest) protocol = family === 4 ? 1 : 58;
      const known = [6, 17, 33, 132, 136, family === 4 ? 1 : 58].includes(protocol) && where === undefined;
      const hasPorts = where === undefined && [6, 17, 33, 132, 136].includes(protocol);
      const ends = hasPorts
        ? { source: { address: source, port: ports[0] }, destination: { address: destination, port: ports[1] } }
        : { source: { address: source }, destination: { address: destination } };
      const spec = {
        session,
        family,
        ...ends,
        ...ip,
        fragment: where === undefined ? first : undefined,
        ...common,
        ...rest,
        ...options,
        ...where,
        protocol,
        badChecksum: known ? spoilt : undefined,
      };
      const whole = compact({ ...spec, ...compact(options ?? {}) }) as unknown as PacketSpec;
      return stretch === null ? whole : { ...whole, length: specToBytes(whole).length + stretch };
    }),
);

test("a printed packet is read back, in printable ASCII", () => {
  fc.assert(
    fc.property(anySpec, spec => {
      const text = printNotation(spec);
      expect(text).toMatch(/^[ -~]*$/);
      expect(parseNotation(text)).toEqual(spec);
      expect(printNotation(parseNotation(text) as PacketSpec)).toBe(text);
    }),
    { numRuns: 2000 },
  );
});

test("a packet's bytes say what its spec does, and their spec gives them back", () => {
  fc.assert(
    fc.property(anySpec, spec => {
      const given = specToBytes(spec);
      const layout = dissect(given) as Layout;
      if (isFault(layout)) {
        // A hop-by-hop header of random bytes is mostly malformed.
        expect(given[6]).toBe(0);
        expect(spec.family).toBe(6);
        return;
      }
      expect(layout).toMatchObject({ family: spec.family, totalLength: given.length, badHeaderChecksum: false });
      // Data under an extension header's number is read as one.
      const plain = spec.family === 4 || ![0, 43, 44, 51, 60].includes(spec.protocol);
      if (plain) expect(layout).toMatchObject({ protocol: spec.protocol, fragmentOffset: spec.fragment?.offset ?? 0 });
      if (spec.length !== undefined) expect(given.length).toBe(spec.length);
      if (!layout.moreFragments && transportChecksumHolds(given, layout) !== undefined)
        expect(transportChecksumHolds(given, layout)).toBe(spec.badChecksum !== true);
      // What the notation has no words for: a first fragment's checksum, what chunks hold, and raw bytes that happen to be a header.
      if (layout.moreFragments || spec.protocol === 132 || spec.protocol === 33 || spec.raw) return;
      const back = bytesToSpec(given);
      if ("fault" in back) throw new Error(back.fault);
      expect(hex(specToBytes(back))).toBe(hex(given));
      if (plain) expect(back).toMatchObject({ source: spec.source, destination: spec.destination, protocol: spec.protocol });
    }),
    { numRuns: 1000 },
  );
});

test("any bytes have a spec or a fault, and the spec can be printed, read and built", () => {
  const heads = fc.constantFrom([0x45, 0, 0, 60, 0, 0, 0, 0, 64], [0x60, 0, 0, 0, 0, 30]);
  fc.assert(
    fc.property(
      heads,
      fc.constantFrom(1, 6, 17, 33, 44, 51, 58, 60, 132, 136),
      fc.uint8Array({ minLength: 60, maxLength: 90 }),
      (head, protocol, rest) => {
        const given = Uint8Array.of(...head, protocol, ...rest);
        for (const detail of ["full", "brief"] as const) {
          const spec = bytesToSpec(given, { in: "eth0" }, detail);
          if ("fault" in spec) return;
          expect(parseNotation(printNotation(spec))).toEqual(spec);
          expect(specToBytes(spec).length).toBe((dissect(given) as Layout).totalLength);
        }
      },
    ),
    { numRuns: 1000 },
  );
});

/** What people write, and its printed form ("=" when the same). */
const READ: readonly (readonly [text: string, printed: string])[] = [
  ["tcp 203.0.113.9:40000 > 198.51.100.2:22 syn in eth0", "="],
  ["udp [2001:db8::9]:53 > [2001:db8::1]:33000 in wan0", "="],
  ["icmp 10.0.0.5 > 10.0.0.1 echo-request in lan0", "="],
  ["tcp 10.0.0.5:50000 > 192.0.2.80:80 ack in lan0 out wan0", "="],
  ["session tcp 1.2.3.4>5.6.7.8:ssh", "session tcp 1.2.3.4:40000 > 5.6.7.8:22 syn"],
  ["  TCP 1.2.3.4 >5.6.7.8:80\tACK+PSH  ", "tcp 1.2.3.4:40000 > 5.6.7.8:80 psh+ack"],
  ["tcp 1.2.3.4:5> 5.6.7.8:80 none", "tcp 1.2.3.4:5 > 5.6.7.8:80 none"],
  ["tcp 1.2.3.4:5 > 5.6.7.8:80 ack ack 7 seq 0x10", "tcp 1.2.3.4:5 > 5.6.7.8:80 ack seq 16 ack 7"],
  ["tcp 1.2.3.4:5 > 5.6.7.8:80 ack 7", "tcp 1.2.3.4:5 > 5.6.7.8:80 ack ack 7"],
  ["icmp ::1 > ::2", "icmpv6 ::1 > ::2 echo-request"],
  ["icmp 1.1.1.1 > 2.2.2.2 3/13", "icmp 1.1.1.1 > 2.2.2.2 communication-prohibited"],
  ["icmp 1.1.1.1 > 2.2.2.2 ping id 7 seq 2", "icmp 1.1.1.1 > 2.2.2.2 echo-request id 7 seq 2"],
  ["icmp 1.1.1.1 > 2.2.2.2 40", "icmp 1.1.1.1 > 2.2.2.2 40/0"],
  ["1 ::1 > ::2", "1 ::1 > ::2"],
  ["udp 1.1.1.1 > 2.2.2.2 frag 100+ len 60", "udp 1.1.1.1 > 2.2.2.2 len 60 frag 100+"],
  ["udp 1.1.1.1 > 2.2.2.2:domain frag 0+", "udp 1.1.1.1:40000 > 2.2.2.2:53 frag 0+"],
  ["sctp 1.1.1.1 > 2.2.2.2:5 chunk cookie-echo,data vtag 7", "sctp 1.1.1.1:40000 > 2.2.2.2:5 chunk cookie-echo,data vtag 7"],
  ["dccp 1.1.1.1 > 2.2.2.2:5 type close", "dccp 1.1.1.1:40000 > 2.2.2.2:5 type close"],
  ["47 1.1.1.1 > 2.2.2.2 data 0x00ff", "gre 1.1.1.1 > 2.2.2.2 data 0x00ff"],
  [
    'udp 1.1.1.1:1 > 2.2.2.2:2 data "a\\"b\\\\ é\\x00" in "a b"',
    'udp 1.1.1.1:1 > 2.2.2.2:2 in "a b" data "a\\"b\\\\ \\xc3\\xa9\\x00"'.replace('"a\\"b\\\\ \\xc3\\xa9\\x00"', "0x6122625c20c3a900"),
  ],
  [
    "udp 1.1.1.1:1 > 2.2.2.2:2 mark 17 ct new uid 0 mac 00:0A:00:00:00:01",
    "udp 1.1.1.1:1 > 2.2.2.2:2 mark 0x11 mac 00:0a:00:00:00:01 ct NEW uid 0",
  ],
  [
    "udp ::1 > [::2]:5 ext 0:0x0000050200000100,60:0x1100010400000000 flow 5",
    "udp [::1]:40000 > [::2]:5 flow 5 ext 0:0x0000050200000100,60:0x0000010400000000",
  ],
  ["tcp 1.1.1.1 > 2.2.2.2 raw data 0x00", "tcp 1.1.1.1 > 2.2.2.2 raw data 0x00"],
];

describe("what people write", () => {
  for (const [text, printed] of READ) {
    test(text, () => {
      const spec = parseNotation(text);
      if (isNotationFault(spec)) throw new Error(spec.message);
      expect(printNotation(spec)).toBe(printed === "=" ? text : printed);
    });
  }
});

/** What people mistype: the text with the faulty part between ‹ and ›, what is said, and the guess. */
const REFUSED: readonly (readonly [marked: string, message: RegExp, guess?: string])[] = [
  ["‹›", /starts with its protocol/],
  ["‹tpc› 1.1.1.1 > 2.2.2.2", /unknown protocol "tpc"/, "tcp"],
  ["‹all› 1.1.1.1 > 2.2.2.2", /unknown protocol/],
  ["‹256› 1.1.1.1 > 2.2.2.2", /unknown protocol/],
  ["tcp‹›", /source address is missing/],
  ["tcp 1.1.1.1‹›", /belongs >/, ">"],
  ["tcp 1.1.1.1 ‹->› 2.2.2.2:80", /belongs >/, ">"],
  ["tcp 1.1.1.1 >‹›", /destination address is missing/],
  ["tcp ‹1.1.1.256› > 2.2.2.2:1", /"1.1.1.256" is no address/],
  ["tcp ‹010.0.0.1› > 2.2.2.2:1", /is no address/],
  ["tcp 1.1.1.1:1 > ‹::1›", /different families/],
  ["tcp 1.1.1.1:2 > ‹2.2.2.2›", /destination port is missing/],
  ["tcp 1.1.1.1:‹65536› > 2.2.2.2:1", /"65536" is no port/],
  ["tcp 1.1.1.1:‹› > 2.2.2.2:1", /"" is no port/],
  ["icmp 1.1.1.1 > 2.2.2.2‹:1›", /no ports/],
  ["tcp 1.2.3.4 > 5.6.7.8:80 ‹synack›", /unknown word "synack"/, "syn+ack"],
  ["tcp 1.2.3.4 > 5.6.7.8:80 ‹SYN,ACK›", /unknown word/, "syn+ack"],
  ["tcp 1.2.3.4 > 5.6.7.8:80 ‹FPU›", /unknown word/, "fin+psh+urg"],
  ["tcp 1.2.3.4 > 5.6.7.8:80 syn ‹ack›", /said twice/, "syn+ack"],
  ["tcp 1.2.3.4 > 5.6.7.8:80 ‹inn› eth0", /unknown word/, "in"],
  ["tcp 1.2.3.4 > 5.6.7.8:80 ‹in›", /in needs INTERFACE/],
  ['tcp 1.2.3.4 > 5.6.7.8:80 in ‹""›', /in needs INTERFACE/],
  ["tcp 1.2.3.4 > 5.6.7.8:80 ttl ‹256›", /ttl needs 0-255/],
  ["tcp 1.2.3.4 > 5.6.7.8:80 ttl 1 ‹ttl› 1", /said twice/],
  ["tcp 1.2.3.4 > 5.6.7.8:80 ct ‹establishd›", /ct needs NEW/, "ESTABLISHED"],
  ["udp 1.2.3.4 > 5.6.7.8:80 ‹syn›", /do not go with this protocol/],
  ["udp 1.2.3.4 > 5.6.7.8:80 ‹mss› 1460", /does not go with this protocol/],
  ["udp 1.2.3.4 > 5.6.7.8:80 data ‹hello›", /data needs "TEXT" or 0xHEX/, '"hello"'],
  ['udp 1.2.3.4 > 5.6.7.8:80 data ‹"hello›', /does not end/],
  ['udp 1.2.3.4 > 5.6.7.8:80 data "‹\\q›"', /no such escape/],
  ["udp 1.2.3.4 > 5.6.7.8:80 ‹len› 27", /has 28 bytes/, "28"],
  ["udp 1.2.3.4 > 5.6.7.8:80 ‹len› 65536", /at most 65535/],
  ["udp ‹1.2.3.4:1› > 5.6.7.8 frag 5", /a later fragment has no header/],
  ["tcp 1.2.3.4 > 5.6.7.8 frag 5 ‹syn›", /a later fragment has no header/],
  ["tcp 1.2.3.4 > 5.6.7.8:80 ‹tcpoptions› 0x01 mss 5", /contradict/],
  ["udp ::1 > [::2]:5 ‹df›", /IPv4 only/],
  ["udp 1.1.1.1 > 2.2.2.2:5 ‹flow› 1", /IPv6 only/],
  ["udp ::1 > [::2]:5 ext ‹60:0x0001000000000000›", /ext needs/],
  ["udp ::1 > [::2]:5 ext ‹17:0x0000000000000000›", /ext needs/],
  ["icmp 1.1.1.1 > 2.2.2.2 ‹echo-requst›", /unknown word/, "echo-request"],
  ["icmp 1.1.1.1 > 2.2.2.2 echo-request ‹3/3›", /said twice/],
  ["udp 1.1.1.1 > 2.2.2.2:2 ‹\u001b[2J\u202e›", /unknown word "\\u001b\[2J\\u202e"/],
];

describe("what people mistype", () => {
  for (const [marked, message, guess] of REFUSED) {
    test(JSON.stringify(marked), () => {
      const start = marked.indexOf("‹");
      const fault = parseNotation(marked.replace(/[‹›]/g, ""));
      if (!isNotationFault(fault)) throw new Error(`read as ${printNotation(fault)}`);
      expect(fault.message).toMatch(message);
      expect([fault.start, fault.end]).toEqual([start, marked.indexOf("›") - 1]);
      expect(fault.guess).toBe(guess);
    });
  }
});

test("any text is read or refused with a span inside it", () => {
  const words = fc.constantFrom(
    "session",
    "tcp",
    "udp",
    "icmp",
    "1.1.1.1",
    "[::1]:5",
    "::1",
    "1.1.1.1:5",
    ">",
    "->",
    "syn",
    "ack",
    "7",
    "in",
    "eth0",
    "len",
    "data",
    '"a',
    '"b"',
    "frag",
    "0+",
    "raw",
    "\\",
    "é",
    "0x",
    "mark",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(words, { maxLength: 12 }).map(list => list.join(" ")),
      ),
      text => {
        const result = parseNotation(text);
        if (!isNotationFault(result)) {
          expect(parseNotation(printNotation(result))).toEqual(result);
          expect(specToBytes(result)).toBeInstanceOf(Uint8Array);
          return;
        }
        expect(result.start).toBeGreaterThanOrEqual(0);
        expect(result.end).toBeGreaterThanOrEqual(result.start);
        expect(result.end).toBeLessThanOrEqual(text.length);
        expect(result.message).toMatch(/^[ -~]+$/);
      },
    ),
    { numRuns: 3000 },
  );
});

test("a packet of Linux in words, and back to its bytes", () => {
  const given = Uint8Array.from(
    Buffer.from(
      "4500003c6634400040065084c0000201c0000202ccfe1f90ca57da7500000000a002faf08b5b0000020405b40402080a87c5248b000000000103030a",
      "hex",
    ),
  );
  const spec = bytesToSpec(given, { in: "eth0", mark: 1 }) as PacketSpec;
  expect(printNotation(spec)).toBe(
    "tcp 192.0.2.1:52478 > 192.0.2.2:8080 syn in eth0 mark 0x1 df ipid 26164 seq 3394755189 tcpoptions 0x020405b40402080a87c5248b000000000103030a",
  );
  expect(equalBytes(specToBytes(spec), given)).toBe(true);
  expect(printNotation(bytesToSpec(given, {}, "brief") as PacketSpec)).toBe("tcp 192.0.2.1:52478 > 192.0.2.2:8080 syn len 60 mss 1460");
});
