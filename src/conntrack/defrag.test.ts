import fc from "fast-check";
import { expect, test } from "vitest";
import {
  buildIpv4,
  buildIpv6,
  buildUdp,
  concat,
  dissect,
  fragmentPacket,
  headerChecksum,
  isFault,
  setU16,
  setU32,
  setU8,
  type Layout,
} from "../packet/index.ts";
import { DEFRAG, Defragmenter } from "./defrag.ts";
import type { Defragmented, DefragUser } from "./defragmented.ts";

const PREROUTING: DefragUser = { at: "PREROUTING" };

function layoutOf(bytes: Uint8Array): Layout {
  const layout = dissect(bytes);
  if (isFault(layout)) throw new RangeError(layout.fault);
  return layout;
}

/** `OFFSET+LENGTH`, with `more` where it ends in +: a fragment of a packet from 10.0.0.SOURCE or 2001:db8::SOURCE. */
interface Piece {
  readonly offset: number;
  readonly length: number;
  readonly more: boolean;
}

interface Marks {
  readonly id?: number;
  readonly source?: number;
  readonly tos?: number;
  readonly df?: boolean;
  readonly fill?: number;
}

function piece(
  family: 4 | 6,
  { offset, length, more }: Piece,
  { id = 1, source = 2, tos = 0, df = false, fill = 0x61 }: Marks = {},
): Uint8Array {
  const data = new Uint8Array(length).fill(fill);
  if (family === 4) {
    const header = {
      source: 0x0a000000 + source,
      destination: 0xc000020a,
      protocol: 17,
      payloadLength: length,
      identification: id,
      fragmentOffset: offset / 8,
      moreFragments: more,
      dontFragment: df,
      tos,
    };
    return concat(buildIpv4(header), data);
  }
  const header = new Uint8Array(8);
  setU8(header, 0, 17);
  setU16(header, 2, offset | (more ? 1 : 0));
  setU32(header, 4, id);
  return concat(
    buildIpv6({ source: BigInt(source), destination: 9n, nextHeader: 44, payloadLength: length + 8, trafficClass: tos }),
    header,
    data,
  );
}

function push(defragmenter: Defragmenter, bytes: Uint8Array, now = 0, user = PREROUTING): Defragmented {
  return defragmenter.push(bytes, layoutOf(bytes), user, now);
}

/** `0+16+` is a first fragment of 16 bytes, `16+8` the last. Words: each fragment and what became of it (h held, d dropped, p passed, w whole). */
const ORDERS = `
4 0+16+:h 16+8:w
4 16+8:h 0+16+:w
4 0+16+:h 0+16+:d 16+8:w
4 0+16+:h 0+8+:d 16+8:w
4 0+16+:h 8+16+:d 16+8:h
4 0+16+:h 16+8:w 16+8:h
4 16+8:h 24+8+:d 0+16+:h
4 16+8:h 16+16:d 0+16+:h
4 8+16+:h 0+16+:d 24+8:h
4 0+20+:h 16+8:w
4 0+4+:d 0+16+:h 16+8:w
4 8+8+:h 0+8+:h 8+8+:d 0+24+:d 16+8:h
6 0+16+:h 16+8:w
6 16+8:h 0+16+:w
6 0+16+:h 0+16+:h 16+8:w
6 0+16+:h 8+16+:d 16+8:h
6 16+8:h 24+8+:d 0+16+:w
6 16+8:h 16+16:d 0+16+:w
6 0+20+:p 0+16+:h 16+8:w
6 0+8:w
6 0+4+:p 0+16+:h 16+8:w
`;

test.each(ORDERS.trim().split("\n"))("%s", row => {
  const [family, ...steps] = row.split(" ");
  const defragmenter = new Defragmenter();
  for (const step of steps) {
    const [text = "", outcome] = step.split(":");
    const [offset = "", length = "", more] = text.split("+");
    const result = push(
      defragmenter,
      piece(family === "4" ? 4 : 6, { offset: Number(offset), length: Number(length), more: more !== undefined }),
    );
    expect(result.do[0], step).toBe(outcome);
  }
});

test("whatever the order, a packet that was cut comes back as it was", () => {
  const cut = fc.record({
    family: fc.constantFrom<4 | 6>(4, 6),
    size: fc.integer({ min: 9, max: 3000 }),
    mtu: fc.integer({ min: 88, max: 600 }),
    seed: fc.array(fc.nat(), { maxLength: 40 }),
  });
  fc.assert(
    fc.property(cut, ({ family, size, mtu, seed }) => {
      const data = buildUdp({ sourcePort: 1, destinationPort: 2, payload: new Uint8Array(size).map((_, at) => at) });
      const packet =
        family === 4
          ? concat(buildIpv4({ source: 1, destination: 2, protocol: 17, payloadLength: data.length, identification: 7 }), data)
          : concat(buildIpv6({ source: 1n, destination: 2n, nextHeader: 17, payloadLength: data.length }), data);
      const fragments = fragmentPacket(packet, mtu, 5);
      for (const [at, other] of seed.entries()) {
        const [a, b] = [at % fragments.length, other % fragments.length];
        [fragments[a], fragments[b]] = [fragments[b] as Uint8Array, fragments[a] as Uint8Array];
      }
      const defragmenter = new Defragmenter();
      const results = fragments.map(fragment => push(defragmenter, fragment));
      const last = results.at(-1);
      if (fragments.length === 1) return void expect(last).toEqual({ do: "pass" });
      expect(results.slice(0, -1).every(result => result.do === "held")).toBe(true);
      expect(last).toMatchObject({
        do: "whole",
        bytes: packet,
        dontFragment: false,
        maximum: Math.max(...fragments.map(({ length }) => length)),
      });
      expect(last?.do === "whole" && last.parts.reduce((sum, length) => sum + length, 0)).toBe(data.length);
      expect(defragmenter.held).toBe(0);
    }),
  );
});

test("fragments are told apart by sender, id and gatherer, and in IPv6 by interface for link-local addresses", () => {
  const last: Piece = { offset: 16, length: 8, more: false };
  const first: Piece = { offset: 0, length: 16, more: true };
  for (const family of [4, 6] as const) {
    const defragmenter = new Defragmenter();
    push(defragmenter, piece(family, first));
    expect(push(defragmenter, piece(family, last, { id: 2 })).do).toBe("held");
    expect(push(defragmenter, piece(family, last, { source: 3 })).do).toBe("held");
    expect(push(defragmenter, piece(family, last), 0, { at: "OUTPUT" }).do).toBe("held");
    expect(push(defragmenter, piece(family, last), 0, { at: "PREROUTING", zone: 4 }).do).toBe("held");
    expect(push(defragmenter, piece(family, last), 0, { at: "PREROUTING", in: "eth1" }).do).toBe("whole");
  }
  const scoped = new Defragmenter();
  const local = (bytes: Uint8Array): Uint8Array => (bytes.set([0xfe, 0x80], 24), bytes);
  push(scoped, local(piece(6, first)), 0, { at: "PREROUTING", in: "eth0" });
  expect(push(scoped, local(piece(6, last)), 0, { at: "PREROUTING", in: "eth1" }).do).toBe("held");
  expect(push(scoped, local(piece(6, last)), 0, { at: "PREROUTING", in: "eth0" }).do).toBe("whole");
});

test("a queue lives 30 seconds, 60 in IPv6, from its first fragment on", () => {
  for (const [family, seconds] of [
    [4, 30],
    [6, 60],
  ] as const) {
    const defragmenter = new Defragmenter();
    push(defragmenter, piece(family, { offset: 0, length: 16, more: true }), 0);
    push(defragmenter, piece(family, { offset: 16, length: 8, more: true }), seconds * 1e6 - 1);
    expect(defragmenter.held).toBe(2);
    defragmenter.expire(seconds * 1e6);
    expect(defragmenter.held).toBe(0);
    expect(push(defragmenter, piece(family, { offset: 24, length: 8, more: false }), seconds * 1e6).do).toBe("held");
  }
});

test("DF and ECN: the largest fragment's DF stays; CE wins, and contradictions are dropped", () => {
  const join = (first: Marks, second: Marks): Defragmented => {
    const defragmenter = new Defragmenter();
    push(defragmenter, piece(4, { offset: 0, length: 16, more: true }, first));
    return push(defragmenter, piece(4, { offset: 16, length: 8, more: false }, second));
  };
  expect(join({ df: true }, {})).toMatchObject({
    dontFragment: true,
    layout: { dontFragment: true, badHeaderChecksum: false },
    maximum: 36,
  });
  expect(join({}, { df: true })).toMatchObject({ dontFragment: false, layout: { dontFragment: false } });
  const tos = (first: number, second: number): number | string => {
    const result = join({ tos: first }, { tos: second });
    return result.do === "whole" ? (result.bytes[1] as number) : result.do;
  };
  expect([tos(2, 3), tos(1, 2), tos(3, 3), tos(0xb8, 0xb8), tos(0, 3), tos(2, 0)]).toEqual([3, 1, 3, 0xb8, "dropped", "dropped"]);
  const { bytes } = join({}, {}) as { bytes: Uint8Array };
  expect((bytes[10] as number) * 256 + (bytes[11] as number)).toBe(headerChecksum(bytes, 20));
});

test("more than 64 other fragments of the same source between two of one make the queue begin anew", () => {
  const between = (others: number): string => {
    const defragmenter = new Defragmenter();
    push(defragmenter, piece(4, { offset: 0, length: 16, more: true }));
    for (let id = 0; id < others; id++) push(defragmenter, piece(4, { offset: 0, length: 8, more: true }, { id: 100 + id }));
    return push(defragmenter, piece(4, { offset: 16, length: 8, more: false })).do;
  };
  expect([between(63), between(64), between(65)]).toEqual(["whole", "held", "held"]);
});

test("memory is bounded: above the threshold fragments are refused until queues time out", () => {
  for (const family of [4, 6] as const) {
    const defragmenter = new Defragmenter({ ...DEFRAG, highThreshold: 100_000 });
    const results = Array.from({ length: 200 }, (_, id) =>
      push(defragmenter, piece(family, { offset: 0, length: 1000, more: true }, { id, source: id })),
    );
    const held = results.filter(result => result.do === "held").length;
    // 200 bytes for the queue and 2304 for 1020 bytes of packet; one more, because the threshold may be passed once.
    expect(held).toBe(Math.floor(100_000 / (200 + 2304)) + 1);
    expect(results.at(-1)).toEqual({ do: "dropped", reason: "fragments take too much memory" });
    expect(push(defragmenter, piece(family, { offset: 0, length: 1000, more: true }), 61e6).do).toBe("held");
    expect(defragmenter.held).toBe(1);
  }
});

test("65535 bytes are the most", () => {
  const defragmenter = new Defragmenter();
  push(defragmenter, piece(4, { offset: 65528, length: 8, more: false }));
  for (let offset = 0; offset < 65528; offset += 8192)
    push(defragmenter, piece(4, { offset, length: Math.min(8192, 65528 - offset), more: true }, { fill: 1 }));
  expect(defragmenter.held).toBe(0);
  const six = new Defragmenter();
  expect(push(six, piece(6, { offset: 65528, length: 8, more: false }))).toMatchObject({
    do: "dropped",
    reason: "a fragment that ends beyond 65535 bytes",
  });
});

test("the stack's own reassembly refuses what the tracker's lets pass", () => {
  const delivery: DefragUser = { at: "delivery" };
  const defragmenter = new Defragmenter();
  expect(push(defragmenter, piece(6, { offset: 0, length: 8, more: false }), 0, delivery).do).toBe("pass");
  expect(push(defragmenter, piece(6, { offset: 0, length: 4, more: true }), 0, delivery).do).toBe("dropped");
  expect(push(defragmenter, piece(6, { offset: 0, length: 20, more: true }), 0, delivery).do).toBe("dropped");
  expect(push(defragmenter, piece(6, { offset: 0, length: 16, more: true }), 0, delivery).do).toBe("held");
  expect(push(defragmenter, piece(6, { offset: 0, length: 16, more: true }), 0, delivery).do).toBe("dropped");
  expect(push(defragmenter, piece(6, { offset: 16, length: 8, more: false }), 0, delivery).do).toBe("whole");
});

test("any bytes and any fragments: never a throw, and the same every time", () => {
  const fragment = fc.record({
    offset: fc.integer({ min: 0, max: 40 }),
    length: fc.nat(60),
    more: fc.boolean(),
    id: fc.nat(2),
    tos: fc.nat(3),
  });
  fc.assert(
    fc.property(
      fc.constantFrom<4 | 6>(4, 6),
      fc.array(fragment, { maxLength: 60 }),
      fc.uint8Array({ maxLength: 60 }),
      (family, fragments, noise) => {
        const run = (): readonly Defragmented[] => {
          const defragmenter = new Defragmenter();
          const results = fragments.map(({ offset, length, more, id, tos }) =>
            push(defragmenter, piece(family, { offset: offset * 8, length, more }, { id, tos })),
          );
          const bytes = concat(new Uint8Array([(family << 4) | 5]), noise);
          const layout = dissect(bytes);
          if (!isFault(layout)) results.push(defragmenter.push(bytes, layout, PREROUTING, 0));
          expect(defragmenter.held).toBeLessThanOrEqual(fragments.length);
          return results;
        };
        expect(run()).toEqual(run());
      },
    ),
  );
});
