import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hostFromFlags, type Host } from "../../host/index.ts";
import { parseAddress } from "../../packet/index.ts";
import { bareFacts, bareStore, holds, type Field, type Moment, type Value } from "../../predicate/index.ts";
import {
  isQuestionFault,
  lowerQuestion,
  printQuestion,
  readQuestion,
  wordsOf,
  type Question,
  type Surroundings,
  type Variables,
  type Word,
} from "./index.ts";

const HOST: Host = hostFromFlags({ interfaces: ["lan0=192.168.1.1/24,2001:db8:1::1/64", "wan0=198.51.100.2/24"] }).value as Host;
const NOWHERE: Surroundings = { namedSets: ["admins"] };
const THERE: Surroundings = {
  namedSets: ["admins"],
  host: HOST,
  resolve: (name, family) => (name === "db" && family === 4 ? [0x0a000007] : undefined),
};

function read(text: string, variables?: Variables): Question {
  const question = readQuestion(text, variables);
  if (isQuestionFault(question)) throw new Error(`${text}: ${question.message} at ${question.start}`);
  return question;
}

/** Without places. */
const bare = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, each: unknown) =>
      (key === "start" && typeof each === "number") || key === "end" ? undefined : typeof each === "bigint" ? `${each}n` : each,
    ),
  );

describe("questions are read, and printed in their canonical words", () => {
  const rows: readonly (readonly [text: string, canonical: string])[] = [
    ["from any to self tcp 22", "="],
    ["FROM Any TO Self TCP 22", "from any to self tcp 22"],
    ["sessions from any to self", "from any to self"],
    ["from any to any any", "from any to any"],
    ["from 10.0.0.0/8 to self tcp ssh", "from 10.0.0.0/8 to self tcp 22"],
    ["from 10.0.0.0/255.0.0.0 to self", "from 10.0.0.0/8 to self"],
    ["from 10.0.0.5 , 10.0.0.9-10.0.0.12 to 192.0.2.1 udp 53,5353", "from 10.0.0.5,10.0.0.9-10.0.0.12 to 192.0.2.1 udp 53,5353"],
    ["from ! @admins, net(lan0) port 1024-65535 to self tcp,udp 1:1024", "from ! @admins,net(lan0) port 1024-65535 to self tcp,udp 1-1024"],
    ["from !10.0.0.0/8 to self tcp !22,80", "from ! 10.0.0.0/8 to self tcp ! 22,80"],
    ["from db to mail.example.org tcp smtp", "from db to mail.example.org tcp 25"],
    ["from 2001:db8::/32 to 2001:db8::1-2001:db8::f icmpv6 echo-request", "from 2001:db8::/32 to 2001:db8::1-2001:db8::f icmpv6 128"],
    ["from any to self ping in eth0", "="],
    ["from any to self icmp fragmentation-needed", "from any to self icmp 3/4"],
    ["from any to self icmp destination-unreachable", "from any to self icmp 3"],
    ["from any to self icmp 3/13", "="],
    ["from any to self icmp", "="],
    ["from any to self 47", "from any to self gre"],
    ["from any to self esp,ah,gre,sctp,dccp,4", "from any to self ipencap,dccp,gre,esp,ah,sctp"],
    ["from any to self 1", "="],
    ["from any to self tcp port 22", "from any to self tcp 22"],
    ["from any to any tcp 80 out wan0 in lan0", "from any to any tcp 80 in lan0 out wan0"],
    ["from any to any tcp 80 in ! lo,eth+", "="],
    ["from any to self tcp 80 before nat", "="],
    ["ipv6 from any to self tcp 80 after nat", "="],
    ["from any to self tcp 80 state established,New", "packets from any to self tcp 80 state NEW,ESTABLISHED"],
    ["from any to self tcp 80 ack", "packets from any to self tcp 80 ack"],
    ["packets from any to self tcp none in eth0", "="],
    ["packets from any to self tcp flags syn/syn+rst", "packets from any to self tcp syn/syn+rst"],
    ["packets from any to self tcp SYN+ACK", "packets from any to self tcp syn+ack"],
    ["packets from any to self tcp psh+ack", "="],
    ['from "to" to "any" tcp 22', "="],
    ['from @"a,b" to net("x y")', "="],
    ["from any to self in eth0", "="],
    ['from "7" to ":"', "="],
  ];
  for (const [text, canonical] of rows)
    test(text, () => {
      const printed = printQuestion(read(text));
      expect(printed).toBe(canonical === "=" ? text : canonical);
      expect(bare(read(printed))).toEqual(bare(read(text)));
    });
});

describe("what is wrong is said with its place and a guess", () => {
  const rows: readonly (readonly [text: string, marked: string, message: string, guess?: string])[] = [
    ["", "", "a question starts with `from`"],
    ["form any to self", "form", "a question starts with `from`", "from"],
    ["from", "", "is missing"],
    ["from any", "", "comes `to`", "to"],
    ["from any too self", "too", "comes `to`", "to"],
    ["from 10.0.0.5/8 to self", "10.0.0.5/8", "bits set beyond the first 8", "10.0.0.0/8"],
    ["from 10.0.0.0/33 to self", "10.0.0.0/33", "no prefix length"],
    ["from 10.0.0.0/255.0.255.0 to self", "10.0.0.0/255.0.255.0", "no prefix length"],
    ["from 10.0.0.256 to self", "10.0.0.256", "is no address"],
    ["from any to 10.0.0.1:22", "10.0.0.1:22", "`to 10.0.0.1 tcp 22`"],
    ["from 10.0.0.9-10.0.0.1 to self", "10.0.0.9-10.0.0.1", "the range is empty", "10.0.0.1-10.0.0.9"],
    ["from 10.0.0.9-::1 to self", "10.0.0.9-::1", "different families"],
    ["from any,!10.0.0.1 to self", "!", "stands once"],
    ["from any to self tpc 22", "tpc", "is no protocol", "tcp"],
    ["from any to self ssh", "ssh", "is a service", "tcp ssh"],
    ["from any to self tcp shs", "shs", "is no port", "ssh"],
    ["from any to self tcp 70000", "70000", "is no port"],
    ["from any to self tcp 90-80", "90-80", "is empty", "80-90"],
    ["from any to self udp ssh", "ssh", "service of tcp, port 22", "22"],
    ["from any to self esp 22", "22", "no ports"],
    ["from any port 5 to self icmp", "port", "no ports"],
    ["from any to self icmp echo-reqest", "echo-reqest", "no ICMP type", "echo-request"],
    ["from any to self tcp 22 in eth0 in eth1", "in", "said twice"],
    ["from any to self tcp 22 state NWE", "NWE", "no connection state", "NEW"],
    ["from any to self tcp 22 before", "", "comes `nat`", "nat"],
    ["from any to self tcp 22 sate NEW", "sate", "expected in, out", "state"],
    ["from any to self udp 22 ack", "ack", "need the protocol tcp"],
    ["from any to self tcp 22 in abcdefghijklmnopq", "abcdefghijklmnopq", "15 letters"],
    ['from "any to self', '"any to self', "does not end"],
    ["from $x to self", "$x", "there is no variable $x"],
    ["from @ to self", "@", "name of a set"],
  ];
  for (const [text, marked, message, guess] of rows)
    test(text, () => {
      const fault = readQuestion(text);
      if (!isQuestionFault(fault)) throw new Error("no fault");
      expect(fault.message).toContain(message);
      expect(text.slice(fault.start, fault.end)).toBe(marked);
      expect(fault.guess).toBe(guess);
    });
});

describe("names that mean nothing", () => {
  const rows: readonly (readonly [text: string, around: Surroundings, marked: string, message: string, guess?: string])[] = [
    ["from @admin to self", NOWHERE, "@admin", "there is no set", "@admins"],
    ["from net(lan0) to self", NOWHERE, "net(lan0)", "needs to know the machine"],
    ["from net(lan) to self", THERE, "net(lan)", "no interface lan", "lan0"],
    ["from admins to self", THERE, "admins", "no host of that name", "@admins"],
    ["from lan0 to self", THERE, "lan0", "no host of that name", "net(lan0)"],
    ["from 10.0.0.1 to 2001:db8::1", THERE, "10.0.0.1 to 2001:db8::1", "different families"],
    ["ipv6 from 10.0.0.1 to self", THERE, "10.0.0.1 to self", "of this family"],
    ["from 10.0.0.1 to self icmpv6", THERE, "10.0.0.1 to self", "of this family"],
  ];
  for (const [text, around, marked, message, guess] of rows)
    test(text, () => {
      const fault = lowerQuestion(read(text), around);
      if (!isQuestionFault(fault)) throw new Error("no fault");
      expect(fault.message).toContain(message);
      expect(text.slice(fault.start, fault.end)).toBe(marked);
      expect(fault.guess).toBe(guess);
    });
});

describe("questions as predicates", () => {
  const PORT = 40000;
  const MOMENT: Moment = { now: 0, random: () => 0 };
  /** `family path: SOURCE:PORT > DESTINATION:PORT in IF out IF protocol N` → yes or no; where the path is not asked, no. */
  function asks(text: string, around: Surroundings, path: string, packet: Partial<Record<Field, Value>>): boolean {
    const lowered = lowerQuestion(read(text), around);
    if (isQuestionFault(lowered)) throw new Error(lowered.message);
    const family = typeof packet.saddr === "bigint" ? 6 : 4;
    const all: Partial<Record<Field, Value>> = {
      protocol: 6,
      sport: PORT,
      dport: 22,
      iif: path === "out" ? "" : "lan0",
      oif: path === "in" ? "" : "wan0",
      ...packet,
    };
    const facts = bareFacts(family, field => all[field]);
    return lowered.some(each => each.family === family && each.path === path && holds(each.of, facts, MOMENT, bareStore(MOMENT)));
  }
  const at = (source: string, destination: string, more: Partial<Record<Field, Value>> = {}): Partial<Record<Field, Value>> => ({
    saddr: parseAddress(source),
    daddr: parseAddress(destination),
    ...more,
  });
  const rows: readonly (readonly [
    text: string,
    around: Surroundings,
    path: string,
    packet: Partial<Record<Field, Value>>,
    wanted: boolean,
  ])[] = [
    ["from 10.0.0.0/8 to self tcp 22", NOWHERE, "in", at("10.255.255.255", "1.2.3.4"), true],
    ["from 10.0.0.0/8 to self tcp 22", NOWHERE, "in", at("11.0.0.0", "1.2.3.4"), false],
    ["from 10.0.0.0/8 to self tcp 22", NOWHERE, "forward", at("10.0.0.1", "1.2.3.4"), false],
    ["from 10.0.0.0/8 to self tcp 22", THERE, "in", at("10.0.0.1", "1.2.3.4"), false],
    ["from 10.0.0.0/8 to self tcp 22", THERE, "in", at("10.0.0.1", "192.168.1.1"), true],
    ["from ! 10.0.0.0/8 to self tcp 22", THERE, "in", at("2001:db8::5", "2001:db8:1::1"), true],
    ["from net(lan0) to any tcp ! 80", THERE, "forward", at("192.168.1.77", "1.2.3.4"), true],
    ["from net(lan0) to any tcp ! 80", THERE, "forward", at("192.168.1.77", "1.2.3.4", { dport: 80 }), false],
    ["from net(lan0) to any tcp ! 80", THERE, "forward", at("192.168.2.77", "1.2.3.4"), false],
    ["from any to self,10.0.0.7", NOWHERE, "in", at("1.1.1.1", "9.9.9.9"), true],
    ["from any to self,10.0.0.7", NOWHERE, "forward", at("1.1.1.1", "9.9.9.9"), false],
    ["from any to self,10.0.0.7", NOWHERE, "forward", at("1.1.1.1", "10.0.0.7"), true],
    ["from any to db tcp", THERE, "forward", at("1.1.1.1", "10.0.0.7"), true],
    ["from any to any out ! tun0", NOWHERE, "out", at("1.1.1.1", "10.0.0.7"), true],
    ["from any to any out ! wan0", NOWHERE, "out", at("1.1.1.1", "10.0.0.7"), false],
    ["from any to any out wan+", NOWHERE, "forward", at("1.1.1.1", "10.0.0.7"), true],
    ["from any to any out ! tun0", NOWHERE, "in", at("1.1.1.1", "10.0.0.7"), false],
    ["from any port 1024-65535 to self", NOWHERE, "in", at("1.1.1.1", "10.0.0.7"), true],
    ["from any port 1-1023 to self", NOWHERE, "in", at("1.1.1.1", "10.0.0.7"), false],
    ["from any to self ping", NOWHERE, "in", at("1.1.1.1", "10.0.0.7", { protocol: 1, icmptype: 8 }), true],
    ["from any to self ping", NOWHERE, "in", at("::5", "::7", { protocol: 58, icmptype: 128 }), true],
    ["from any to self ping", NOWHERE, "in", at("::5", "::7", { protocol: 58, icmptype: 129 }), false],
    ["from 127.0.0.1 to 127.0.0.1 tcp 22", NOWHERE, "local", at("127.0.0.1", "127.0.0.1"), true],
    ["from any to self tcp 22 in lo", NOWHERE, "local", at("127.0.0.1", "127.0.0.1", { iif: "lo" }), true],
    ["from any to self tcp 22", NOWHERE, "local", at("127.0.0.1", "127.0.0.1"), false],
    ["from any to self tcp 22 syn", NOWHERE, "in", at("1.1.1.1", "2.2.2.2", { tcpflags: 2 + 64 }), true],
    ["from any to self tcp 22 syn", NOWHERE, "in", at("1.1.1.1", "2.2.2.2", { tcpflags: 18 }), false],
    ["from any to self tcp 22 state NEW", NOWHERE, "in", at("1.1.1.1", "2.2.2.2", { ctstate: 1 }), true],
    ["from any to self tcp 22 state NEW", NOWHERE, "in", at("1.1.1.1", "2.2.2.2", { ctstate: 2 }), false],
  ];
  for (const [text, around, path, packet, wanted] of rows)
    test(`${text} | ${path} ${String(packet.saddr)} > ${String(packet.daddr)} | ${wanted}`, () =>
      expect(asks(text, around, path, packet)).toBe(wanted));
});

describe("variables", () => {
  const words = (text: string, known?: Variables): readonly Word[] => {
    const read = wordsOf(text, known);
    if ("message" in read) throw new Error(read.message);
    return read;
  };
  const office: Variables = new Map([["office", words("10.0.0.1,10.0.0.2")]]);
  const both: Variables = new Map([...office, ["web", words("tcp 80,443")]]);

  test("stand for words", () =>
    expect(printQuestion(read("from ! $office,10.0.0.3 to self $web", both))).toBe("from ! 10.0.0.1,10.0.0.2,10.0.0.3 to self tcp 80,443"));

  test("a fault in one has the variable's place", () => {
    const fault = readQuestion("from $office to self", new Map([["office", words("10.0.0.300")]]));
    expect(fault).toMatchObject({ start: 5, end: 12, message: expect.stringContaining("no address") as unknown });
  });

  test("do not grow without end", () => {
    let grown: Variables = new Map([["a", words("1,2,3,4,5,6,7,8,9,10")]]);
    let fault: unknown;
    for (let step = 0; step < 40 && fault === undefined; step++) {
      const next = wordsOf("$a,$a,$a,$a", grown);
      if ("message" in next) fault = next;
      else grown = new Map([["a", next]]);
    }
    expect(fault).toMatchObject({ message: expect.stringContaining("20000 words") as unknown });
  });
});

const letters = fc.string({ unit: fc.constantFrom(...'frommtoanyself tcp,!()="$@/:-.0123456789 \\\n'), maxLength: 60 });
test("any text is read or refused, with a place inside it, and what is read prints and reads back", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        letters,
        letters.map(text => `from ${text}`),
        letters.map(text => `from any to ${text}`),
      ),
      text => {
        const question = readQuestion(text);
        if (isQuestionFault(question)) {
          expect(question.start).toBeGreaterThanOrEqual(0);
          expect(question.end).toBeLessThanOrEqual(text.length);
          return;
        }
        expect(bare(read(printQuestion(question)))).toEqual(bare(question));
      },
    ),
    { numRuns: 3000 },
  );
});
