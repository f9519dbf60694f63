import { expect, test } from "vitest";
import fc from "fast-check";
import { isQuestionFault, printQuestion, readQuestion } from "../../analysis/question/index.ts";
import { notationOf } from "./loose.ts";

test.each([
  ["who can reach 10.0.0.5:5432?", "from any to 10.0.0.5 tcp 5432"],
  ["Who can reach 10.0.0.5:5432", "from any to 10.0.0.5 tcp 5432"],
  ["who can reach [2001:db8::1]:443?", "from any to 2001:db8::1 tcp 443"],
  ["who can reach 10.0.0.5 port 22?", "from any to 10.0.0.5 tcp 22"],
  ["who can reach ssh on 10.0.0.5?", "from any to 10.0.0.5 tcp ssh"],
  ["who can reach 10.0.0.5 on udp 53", "from any to 10.0.0.5 udp 53"],
  ["who can reach 10.0.0.5 53/udp", "from any to 10.0.0.5 udp 53"],
  ["who can reach dns on the firewall?", "from any to self udp domain"],
  ["who can ssh to the firewall?", "from any to self tcp ssh"],
  ["who can ping this machine?", "from any to self ping"],
  ["who can reach 10.0.0.5:443 from 10.0.0.0/8", "from 10.0.0.0/8 to 10.0.0.5 tcp 443"],
  ["can 192.168.1.0/24 reach 10.0.0.5:5432?", "from 192.168.1.0/24 to 10.0.0.5 tcp 5432"],
  ["can 192.168.1.7 reach 10.0.0.5?", "from 192.168.1.7 to 10.0.0.5"],
  ["can anyone reach the firewall on port 22?", "from any to self tcp 22"],
  ["can the internet connect to 192.0.2.1 tcp 80,443?", "from any to 192.0.2.1 tcp 80,443"],
  ["can @admins ssh to self", "from @admins to self tcp ssh"],
  ["what can 10.0.0.9 reach?", "from 10.0.0.9 to any"],
  ["is 192.0.2.1:443 open from anywhere?", "from any to 192.0.2.1 tcp 443"],
  ["is port 22 on the firewall reachable from 10.0.0.0/8?", "from 10.0.0.0/8 to self tcp 22"],
  ["who can ssh in?", "from any to self tcp ssh"],
  ["is port 3306 open?", "from any to self tcp 3306"],
  ["is ssh open to the world?", "from any to self tcp ssh"],
  ["is http allowed from 10.0.0.0/8", "from 10.0.0.0/8 to self tcp http"],
  ["who can reach tcp 5432", "from any to self tcp 5432"],
  ["who may connect to mysql?", "from any to self tcp mysql"],
  ["which ports are open?", "from any to self"],
  ["port 22", "from any to self tcp 22"],
  ["tcp 22 from 10.0.0.0/8", "from 10.0.0.0/8 to self tcp 22"],
  ["ping from anywhere", "from any to self ping"],
  ["192.168.1.5 -> 8.8.8.8", "from 192.168.1.5 to 8.8.8.8"],
  ["udp 192.168.1.5:4000 > 8.8.8.8:53", "from 192.168.1.5 to 8.8.8.8 udp 53"],
  ["can lan0 reach the internet?", "from any to any in lan0"],
  ["can 10.0.0.1 reach lan0 tcp 80", "from 10.0.0.1 to any tcp 80 out lan0"],
  ["what can lan0 reach", "from any to any in lan0"],
])("%s", (text, question) => {
  expect(notationOf(text, ["lan0"])).toEqual({ question, translated: true });
  const read = readQuestion(question);
  if (isQuestionFault(read)) throw new Error(read.message);
  expect(printQuestion(read)).not.toBe("");
});

test.each(["from any to self tcp 22", "packets from any to self tcp ack", "", "hello", "from any ? to", "ipv6 from any to self"])(
  "%j stays as it is",
  text => expect(notationOf(text)).toEqual({ question: text.trim(), translated: false }),
);

test("any text is taken, soon", () => {
  fc.assert(fc.property(fc.string({ maxLength: 600, unit: "grapheme" }), text => typeof notationOf(text).question === "string"));
  const long = `who can reach ${"a ".repeat(190)}`;
  expect(notationOf(long).question).toContain("a a a");
});
