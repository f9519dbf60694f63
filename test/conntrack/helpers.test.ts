import { describe, expect, test } from "vitest";
import { HELPERS, STATUS, type NatRange } from "../../src/conntrack/index.ts";
import { parseAddress, parseIpv4, u32 } from "../../src/packet/index.ts";
import { Flow, type Arm } from "../kernel/helpers/conversation.ts";
import { Router } from "./router.ts";
import { PORTS, Talk, words } from "./talk.ts";

const HELLO = ["s: 220 ready\r\n", "c: USER me\r\n"];
const FTP = "6 10.0.0.5 > 192.0.2.10:";
const ACTIVE = "6 192.0.2.10 > 10.0.0.5:";

test.each([
  // What the kernel's patterns take and leave, one line after the greeting.
  ["s: 227 Entering Passive Mode (192,0,2,10,7,208)\r\n", [`${FTP}2000`]],
  ["s: 227 =192,0,2,10,7,208x\r\n", [`${FTP}2000`]],
  ["s: 227 Entering Passive Mode (192,0,2,10,0,22)\r\n", [`${FTP}22`]],
  ["s: 229 Entering Extended Passive Mode (|||2000|)\r\n", [`${FTP}2000`]],
  ["s: 229 Extended (!!!2000!)\r\n", [`${FTP}2000`]],
  ["s: 229 Extended (|||0|)\r\n", "dropped"],
  ["s: 229 Extended (1112000)\r\n", "dropped"],
  ["s: 227 none\r\n", "dropped"],
  ["s: 22", "dropped"],
  ["s: 200 fine\r\n", []],
  ["s: 227 Entering Passive Mode (192,0,2,11,7,208)\r\n", []],
  ["c: PORT 10,0,0,5,7,208\r\n", [`${ACTIVE}2000`]],
  ["c: port 10,0,0,5,7,208\r\n", [`${ACTIVE}2000`]],
  ["c: PORT 10,0,0,5,7,208\n", "dropped"],
  ["c: PORT 10,0,0,6,7,208\r\n", []],
  ["c: EPRT |1|10.0.0.5|2000|\r\n", [`${ACTIVE}2000`]],
  ["c: EPRT #1#10.0.0.5#2000#\r\n", [`${ACTIVE}2000`]],
  ["c: EPRT |2|10.0.0.5|2000|\r\n", "dropped"],
  ["c: EPRT |1|10.0.0.5|2000\r\n", "dropped"],
  ["c: PORT", "dropped"],
  ["c: LIST\r\n", []],
] as const)("FTP: %j", (line, expected) => {
  const talk = new Talk("ftp");
  talk.say(...HELLO);
  const [, passed] = [talk.say(line), talk.out !== undefined];
  expect(passed ? talk.expected : "dropped").toEqual(expected);
});

test("FTP: a message counts only where a line begins", () => {
  const talk = new Talk("ftp");
  // The first line of either side is not known to be one.
  talk.say("s: 227 Passive (192,0,2,10,7,208)\r\n");
  expect(talk.expected).toEqual([]);
  talk.say("s: 220 go on: ", "s: 227 Passive (192,0,2,10,7,208)\r\n");
  expect(talk.expected).toEqual([]);
  talk.say("s: 227 Passive (192,0,2,10,7,208)\r\n");
  expect(talk.expected).toEqual([`${FTP}2000`]);
});

test("fault 38: a forged 227 with a third party's address opens nothing unless loose; a low port of the server's own is expected, as by the kernel", () => {
  const forged = "s: 227 Entering Passive Mode (192,0,2,99,0,22)\r\n";
  const strict = new Talk("ftp");
  strict.say(...HELLO, forged);
  expect(strict.expected).toEqual([]);
  const probe = strict.flowTo("tcp", "tun0", "10.0.0.5", 50000, "192.0.2.99", 22);
  probe.open();
  expect(strict.router.tracker.connections(strict.router.now).some(({ status }) => status & STATUS.EXPECTED)).toBe(false);
  const loose = new Talk("ftp", { settings: { ftpLoose: true } });
  loose.say(...HELLO, forged);
  expect(loose.expected).toEqual(["6 10.0.0.5 > 192.0.2.99:22"]);
});

const snat: NatRange = { manip: "source", addresses: [parseIpv4("192.0.2.200") as number, parseIpv4("192.0.2.200") as number] };

describe("NAT of what is foreseen", () => {
  test("a client's own address becomes the one it is seen by, and the data connection comes back to it", () => {
    const talk = new Talk("ftp", { rules: [{ chain: "POSTROUTING", range: snat }] });
    talk.say(...HELLO);
    talk.say("c: PORT 10,0,0,5,7,208\r\n");
    expect(String.fromCharCode(...(talk.out ?? []))).toContain("PORT 192,0,2,200,7,208\r\n");
    expect(talk.expected).toEqual(["6 192.0.2.10 > 192.0.2.200:2000"]);
    const data = talk.flowTo("tcp", "tun1", "192.0.2.10", 20, "192.0.2.200", 2000);
    expect(data.open()).toBe(true);
    expect(data.server?.own).toEqual({ address: parseIpv4("10.0.0.5"), port: 2000 });
    const child = talk.router.tracker.connections(talk.router.now).find(({ master }) => master !== undefined);
    expect(child?.master?.helper).toBe("ftp");
    expect((child?.status ?? 0) & STATUS.EXPECTED).toBe(STATUS.EXPECTED);
  });

  test("a port that another master's expectation has is exchanged for a random one above it", () => {
    const rules = [{ chain: "POSTROUTING", range: snat }] as const;
    const talk = new Talk("ftp", { rules });
    talk.say(...HELLO, "c: PORT 10,0,0,5,7,208\r\n");
    const other = talk.flowTo("tcp", "tun0", "10.0.0.6", 40001, "192.0.2.10", 21);
    other.open();
    for (const [from, text] of [
      ["server", "220 ready\r\n"],
      ["client", "USER me\r\n"],
    ] as const)
      other.say(from, words(text));
    talk.router.random = 41;
    other.say("client", words("PORT 10,0,0,6,7,208\r\n"));
    expect(String.fromCharCode(...(talk.out ?? []))).toContain(`PORT 192,0,2,200,${2041 >> 8},${2041 & 255}\r\n`);
    expect(talk.expected).toEqual(["6 192.0.2.10 > 192.0.2.200:2000", "6 192.0.2.10 > 192.0.2.200:2041"]);
  });

  test("a longer address shifts all that follows, and what is acknowledged shifts back", () => {
    const talk = new Talk("ftp", { rules: [{ chain: "POSTROUTING", range: snat }] });
    talk.say(...HELLO);
    const sent = talk.flow.acknowledgedBy("server");
    talk.say("c: PORT 10,0,0,5,7,208\r\n");
    const line = "PORT 192,0,2,200,7,208\r\n".length;
    expect(talk.flow.acknowledgedBy("server")).toBe(sent + line);
    talk.say("c: LIST\r\n");
    expect(talk.flow.acknowledgedBy("server")).toBe(sent + line + 6);
    expect(talk.say("s: 200 fine\r\n")).not.toEqual(["dropped"]);
    expect(talk.router.only.status & STATUS.SEQ_ADJUST).toBe(STATUS.SEQ_ADJUST);
  });
});

test.each([
  // By how much what follows is shifted, after messages that each grow by 3 bytes and what is behind them; as on Linux 6.18.
  ["", 3],
  ["OPTIONS x\r\nl: 200\r\n", 3],
  // More than there is of the whole packet: that is no message, and the search ends.
  ["OPTIONS x\r\nl: 200\r\n\r\nabc", 3],
  // A message that is only cut: the search ends as well, and what grew before is forgotten.
  ["OPTIONS x\r\nl: 5\r\n\r\nabc", 0],
] as const)("SIP over TCP, a message and then %j", (rest, shift) => {
  const router = new Router({ helpers: [{ protocol: 6, port: 5060, helper: "sip" }], rules: [{ chain: "POSTROUTING", range: snat }] });
  let sequence = 0;
  const wire = (arm: Arm, packet: Uint8Array): Uint8Array | undefined => {
    const { out } = router.take(packet, arm);
    if (out !== undefined && arm === "tun0") sequence = u32(out, 24) - u32(packet, 24);
    return out;
  };
  const [client, server] = ["10.0.0.5", "192.0.2.10"].map(text => parseAddress(text) ?? 0);
  const flow = new Flow(wire, "tcp", "tun0", { address: client ?? 0, port: 1030 }, { address: server ?? 0, port: 5060 });
  flow.open();
  flow.say("client", words(`OPTIONS sip:a@192.0.2.10 SIP/2.0\r\nFrom: <sip:me@10.0.0.5:1030>\r\nl: 0\r\n\r\n${rest}`));
  flow.say("client", words("what follows"));
  expect(sequence).toBe(shift);
});

test("an expected connection has its master's mark, and no helper of its own", () => {
  const talk = new Talk("tftp");
  talk.say("c: \0\x01file\0octet\0");
  const [master] = talk.router.tracker.connections(talk.router.now);
  if (master === undefined) throw new Error("no master");
  master.mark = 7;
  talk.flowTo("udp", "tun1", "192.0.2.10", 3333, "10.0.0.5", 40000).say("client", words("\0\x03"));
  const child = talk.router.tracker.connections(talk.router.now).find(one => one.master === master);
  expect([child?.mark, child?.helper]).toEqual([7, undefined]);
});

test("a master that ends takes what it foresaw along", () => {
  const talk = new Talk("ftp");
  talk.say(...HELLO, "c: PORT 10,0,0,5,7,208\r\n");
  expect(talk.expected).toHaveLength(1);
  talk.router.tracker.remove(talk.router.only);
  expect(talk.expected).toEqual([]);
});

test("every helper but the silent ones has a port and expectation policies", () => {
  for (const { name, policies, port } of HELPERS.filter(({ name }) => PORTS[name] !== undefined)) {
    expect(port, name).toBe(PORTS[name]?.[1]);
    expect(policies(new Talk(name).router.tracker.helperSettings).length, name).toBeGreaterThan(0);
  }
});
