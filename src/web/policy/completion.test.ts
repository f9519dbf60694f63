import { expect, test } from "vitest";
import fc from "fast-check";
import { offersFor } from "./completion.ts";

const WORDS = { interfaces: ["eth0", "lan0"], networks: ["lan0"], sets: ["admins", "__proto__"], addresses: ["10.0.0.0/8", "192.0.2.1"] };

const offered = (before: string): string[] => offersFor(before, WORDS).offers.map(({ text }) => text);

test.each<[string, readonly string[], readonly string[]]>([
  ["", ["from", "packets", "who can reach"], ["tcp"]],
  ["fr", ["from"], ["packets"]],
  ["from ", ["any", "self", "@admins", "@__proto__", "net(lan0)", "10.0.0.0/8"], ["tcp"]],
  ["from 10", ["10.0.0.0/8"], ["any"]],
  ["from any ", ["to", "port"], ["tcp", "any"]],
  ["from any to self ", ["tcp", "ping", "in", "after nat"], ["from"]],
  ["from any to self tcp ", ["ssh", "syn"], ["udp"]],
  ["from any to self tcp 22 in ", ["eth0", "lan0"], ["ssh"]],
  ["from any to self tcp 22 in eth0,", ["lan0"], ["ssh"]],
  ["from any to self tcp 22 in eth0 ", ["out", "state"], ["in"]],
  ["packets from any to self state N", ["NEW"], ["from"]],
  ["who can reach ", ["any", "self", "10.0.0.0/8"], ["tcp"]],
])("%j", (before, wanted, unwanted) => {
  const found = offered(before);
  expect(found).toEqual(expect.arrayContaining([...wanted]));
  for (const word of unwanted) expect(found).not.toContain(word);
});

test("what is offered goes in place of the word that is typed", () => {
  expect(offersFor("from 10", WORDS).from).toBe("from ".length);
  expect(offersFor("from any,1", WORDS).from).toBe("from any,".length);
});

test("offers are few, and never what already stands there", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("from", "to", "any", "tcp", "in", ",", "! ", "x", "state ", "eth0"), { maxLength: 40 }), parts => {
      const text = parts.join(" ");
      const { from, offers } = offersFor(text, WORDS);
      expect(offers.length).toBeLessThanOrEqual(16);
      expect(from).toBeLessThanOrEqual(text.length);
      for (const offer of offers) expect(offer.text.toLowerCase()).not.toBe(text.slice(from).toLowerCase());
    }),
  );
});
