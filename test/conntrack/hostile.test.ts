import fc from "fast-check";
import { expect, test } from "vitest";
import type { NatRange } from "../../src/conntrack/index.ts";
import { parseIpv4 } from "../../src/packet/index.ts";
import { PORTS, Talk } from "./talk.ts";

const HELLO = ["s: 220 ready\r\n", "c: USER me\r\n"];
const snat: NatRange = { manip: "source", addresses: [parseIpv4("192.0.2.200") as number, parseIpv4("192.0.2.200") as number] };

test("no payload can make a helper throw, or foresee more than its policy lets it", () => {
  const starts = [
    "",
    "PORT ",
    "EPRT |1|",
    "227 ",
    "229 (",
    "PRIVMSG a :\x01DCC SEND ",
    "INVITE sip:",
    "SIP/2.0 200\r\nCSeq: 1 INVITE\r\n",
    "CONNECT DATA ",
    "\0\x01",
  ];
  const bits = [
    "\r\n",
    " ",
    ",",
    "|",
    ":",
    "sip:",
    "Via: SIP/2.0/UDP ",
    "Contact: <sip:",
    "CSeq: 1 INVITE",
    "v=0",
    "m=audio 4000",
    "c=IN IP4 10.0.0.5",
    "10.0.0.5",
    "192.0.2.10",
    "[::1]",
    "0",
    "65535",
    "\0",
    "\xff",
    "\n ",
  ];
  const payload = fc
    .tuple(fc.constantFrom(...starts), fc.array(fc.constantFrom(...bits), { maxLength: 60 }))
    .map(([start, rest]) => start + rest.join(""));
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.keys(PORTS)),
      fc.array(fc.tuple(fc.boolean(), payload), { maxLength: 6 }),
      fc.boolean(),
      (helper, lines, nat) => {
        const talk = new Talk(helper, nat ? { rules: [{ chain: "POSTROUTING", range: snat }] } : {});
        talk.say(...HELLO, ...lines.map(([client, text]) => `${client ? "c" : "s"}: ${text}`));
        expect(talk.expected.length).toBeLessThanOrEqual(11);
      },
    ),
    { numRuns: 100 },
  );
});

test("the largest payloads are read to their end", () => {
  for (const text of [
    "Contact: <sip:a@10.0.0.5>\r\n",
    "Contact: <sip:x>,\r\n ",
    "\r\n",
    "m=audio 4000\r\n",
    " :\x01DCC ",
    "Content-Length: 0\r\n\r\n",
    "CONNECT ",
    "\r\n ",
    ",sip:",
    "227 1,",
  ]) {
    for (const helper of ["sip", "irc", "amanda"]) {
      const talk = new Talk(helper, { rules: [{ chain: "POSTROUTING", range: snat }] });
      for (const start of [
        "SIP/2.0 200 OK\r\nCSeq: 1 REGISTER\r\n",
        "REGISTER sip:192.0.2.10 SIP/2.0\r\nCSeq: 1 REGISTER\r\nv=0\r\n",
        "PRIVMSG a",
        "227 ",
      ])
        talk.say(
          `c: ${(start + text.repeat(16_000 / text.length)).slice(0, 16_000)}`,
          `s: ${(start + text.repeat(16_000 / text.length)).slice(0, 16_000)}`,
        );
      expect(talk.router.tracker.expectations.list(talk.router.now).length).toBeLessThan(12);
    }
  }
});
