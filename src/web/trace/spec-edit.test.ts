import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { isNotationFault, parseNotation, printNotation, PROTOCOL, type PacketSpec } from "../../packet/index.ts";
import {
  icmpChoices,
  withAddress,
  withFamily,
  withFlag,
  withIcmp,
  withLine,
  withPort,
  withProtocol,
  withSession,
  withWords,
} from "./spec-edit.ts";

const spec = (text: string): PacketSpec => {
  const read = parseNotation(text);
  if (isNotationFault(read)) throw new Error(read.message);
  return read;
};

const row = (before: string, change: (spec: PacketSpec) => PacketSpec | undefined, after: string | undefined): void => {
  it(`${before} → ${after}`, () => {
    const made = change(spec(before));
    expect(made && printNotation(made)).toBe(after);
  });
};

describe("one field changed", () => {
  const TCP = "tcp 10.0.0.5:40000 > 10.0.0.1:22 syn in eth0";
  row(TCP, each => withProtocol(each, PROTOCOL.UDP), "udp 10.0.0.5:40000 > 10.0.0.1:22 in eth0");
  row(TCP, each => withProtocol(each, PROTOCOL.ICMP), "icmp 10.0.0.5 > 10.0.0.1 echo-request in eth0");
  row(
    "icmp 10.0.0.5 > 10.0.0.1 echo-request mark 0x7",
    each => withProtocol(each, PROTOCOL.TCP),
    "tcp 10.0.0.5:40000 > 10.0.0.1:80 syn mark 0x7",
  );
  row("icmp 10.0.0.5 > 10.0.0.1 echo-request", each => withFamily(each, 6), "icmpv6 2001:db8:113::9 > 2001:db8::2 echo-request");
  row("tcp [2001:db8::9]:1 > [2001:db8::1]:2 ack", each => withFamily(each, 4), "tcp 203.0.113.9:1 > 198.51.100.2:2 syn");
  row("tcp 10.0.0.5:1 > 10.0.0.1:2 fin+ack ct ESTABLISHED", each => withSession(each, true), "session tcp 10.0.0.5:1 > 10.0.0.1:2 syn");
  row("session icmp 10.0.0.5 > 10.0.0.1 timestamp-request", each => withSession(each, false), "icmp 10.0.0.5 > 10.0.0.1 timestamp-request");
  row("icmp 10.0.0.5 > 10.0.0.1 port-unreachable", each => withSession(each, true), "session icmp 10.0.0.5 > 10.0.0.1 echo-request");
  row(TCP, each => withFlag(each, 16), "tcp 10.0.0.5:40000 > 10.0.0.1:22 syn+ack in eth0");
  row(TCP, each => withAddress(each, "source", " 192.0.2.7 "), "tcp 192.0.2.7:40000 > 10.0.0.1:22 syn in eth0");
  for (const wrong of ["", "192.0.2", "2001:db8::1", "192.0.2.1:5", "192.0.2.1 > 1.1.1.1", "192.0.2.1>"])
    row(TCP, each => withAddress(each, "source", wrong), undefined);
  row(TCP, each => withPort(each, "destination", "https"), "tcp 10.0.0.5:40000 > 10.0.0.1:443 syn in eth0");
  for (const wrong of ["", "65536", "1 mark 5", "-1", "1]:2"]) row(TCP, each => withPort(each, "destination", wrong), undefined);
  row(TCP, each => withWords(each, { in: undefined, mark: 5, ttl: 3 }), "tcp 10.0.0.5:40000 > 10.0.0.1:22 syn mark 0x5 ttl 3");
  row("icmp 10.0.0.5 > 10.0.0.1 echo-request id 5", each => withIcmp(each, "3/4"), "icmp 10.0.0.5 > 10.0.0.1 fragmentation-needed");
  row("icmp 10.0.0.5 > 10.0.0.1", each => withIcmp(each, "nonsense"), undefined);
});

describe("choices", () => {
  it.each([4, 6] as const)("each ICMPv%d type can be chosen, and is then the one shown", family => {
    const start = spec(family === 4 ? "icmp 10.0.0.5 > 10.0.0.1" : "icmpv6 2001:db8::9 > 2001:db8::1");
    for (const choice of icmpChoices(family)) {
      const made = withIcmp(start, choice);
      expect(made && printNotation(made)).toContain(` ${choice}`);
    }
  });
});

it("whatever is changed, the notation of the result reads back to it", () => {
  const protocol = fc.constantFrom(...Object.values(PROTOCOL), 200);
  const change = fc.oneof(
    protocol.map(number => (each: PacketSpec) => withProtocol(each, number)),
    fc.constantFrom(4 as const, 6 as const).map(family => (each: PacketSpec) => withFamily(each, family)),
    fc.boolean().map(session => (each: PacketSpec) => withSession(each, session)),
    fc.integer({ min: 0, max: 0xffffffff }).map(mark => (each: PacketSpec) => withWords(each, { mark })),
    fc.constantFrom("eth0", "with blank", "in").map(name => (each: PacketSpec) => withWords(each, { in: name })),
  );
  fc.assert(
    fc.property(fc.array(change, { maxLength: 8 }), changes => {
      let made = spec("tcp 10.0.0.5:40000 > 10.0.0.1:22 syn in eth0");
      for (const each of changes) made = each(made);
      expect(parseNotation(printNotation(made))).toEqual(made);
    }),
  );
});

it("replaces one line and no other", () => {
  expect(withLine("a\nb\nc", 1, "x")).toBe("a\nx\nc");
  expect(withLine("", 0, "x")).toBe("x");
  expect(withLine("a", 2, "x")).toBe("a\n\nx");
});
