import { expect, test } from "vitest";
import { Router } from "../../test/conntrack/router.ts";
import { buildIpv4, buildSctp, concat, dissect, isFault, setTransportChecksum, setU32, type SctpChunkRepr } from "../packet/index.ts";
import { STATUS } from "./connection.ts";

const CLIENT = 0x0a000002;
const SERVER = 0xc000020a;

const CHUNKS: Readonly<Record<string, number>> = {
  data: 0,
  init: 1,
  "init-ack": 2,
  sack: 3,
  heartbeat: 4,
  "heartbeat-ack": 5,
  abort: 6,
  shutdown: 7,
  "shutdown-ack": 8,
  error: 9,
  "cookie-echo": 10,
  "cookie-ack": 11,
  "shutdown-complete": 14,
};

/** `init:A` asks for tag A, `abort/T` reflects it. */
function chunk(text: string): SctpChunkRepr {
  const [name = "", tag] = text.split(":");
  const [type = "", reflected] = name.split("/");
  const value = new Uint8Array(tag === undefined ? 4 : 16);
  if (tag !== undefined) setU32(value, 0, tagOf(tag));
  return { type: CHUNKS[type] as number, flags: reflected === undefined ? 0 : 1, value };
}

const tagOf = (name: string): number => (name === "0" ? 0 : name.charCodeAt(0) * 0x01010101);

function packet(side: string, tag: string, chunks: readonly string[]): Uint8Array {
  const client = side === "c";
  const [sourcePort, destinationPort] = client ? [4000, 80] : [80, 4000];
  const sctp = buildSctp({ sourcePort, destinationPort, verificationTag: tagOf(tag), chunks: chunks.map(chunk) });
  const header = buildIpv4({
    source: client ? CLIENT : SERVER,
    destination: client ? SERVER : CLIENT,
    protocol: 132,
    payloadLength: sctp.length,
  });
  const bytes = concat(header, sctp);
  const layout = dissect(bytes);
  if (isFault(layout)) throw new Error(layout.fault);
  setTransportChecksum(bytes, layout);
  return bytes;
}

/** Each row `SIDE TAG CHUNK… = STATE` with `!` before the state of a packet that is INVALID; a dash for no connection. */
function check(rows: string): Router {
  const router = new Router();
  for (const row of rows.split("\n").filter(line => line.trim() !== "")) {
    const [message = "", wanted] = row.trim().split(" = ");
    const [side = "", tag = "", ...chunks] = message.split(" ");
    const { carrier } = router.take(packet(side, tag, chunks), side === "c" ? "tun0" : "tun1");
    const state = router.table()[0]?.split(" ")[2] ?? "-";
    expect(`${carrier.connection === undefined ? "!" : ""}${state}`, `${row}: ${carrier.trackingReason ?? ""}`).toBe(wanted);
  }
  return router;
}

const HANDSHAKE = `
c 0 init:A = CLOSED
s A init-ack:B = COOKIE_WAIT
c B cookie-echo = COOKIE_ECHOED
s A cookie-ack = ESTABLISHED
`;

test("handshake, data, shutdown", () => {
  const router = check(`${HANDSHAKE}
    c B data = ESTABLISHED
    s A sack = ESTABLISHED
    c B shutdown = SHUTDOWN_SENT
    s A shutdown-ack = SHUTDOWN_ACK_SENT
    c B shutdown-complete = CLOSED`);
  expect(router.only.status & STATUS.ASSURED).toBe(STATUS.ASSURED);
});

test("each state has its timeout", () => {
  const seconds = (rows: string): number => {
    const router = check(rows);
    return (router.only.deadline - router.now) / 1e6;
  };
  const lines = HANDSHAKE.trim().split("\n");
  expect([1, 2, 3, 4].map(length => seconds(lines.slice(0, length).join("\n")))).toEqual([10, 3, 3, 210]);
  expect(seconds("c 0 heartbeat = HEARTBEAT_SENT")).toBe(30);
});

test("verification tags: own, reflected, and none for an INIT", () => {
  check(`${HANDSHAKE}
    c A data = !ESTABLISHED
    s A data = ESTABLISHED
    c A init:C = !ESTABLISHED
    c A abort = !ESTABLISHED
    c A abort/T = CLOSED`);
  check(`${HANDSHAKE}
    s B abort = !ESTABLISHED
    s A abort = CLOSED`);
  check("c 0 init:A = CLOSED\ns A init-ack:B = COOKIE_WAIT\nc A cookie-echo = !COOKIE_WAIT");
});

test("no association begins with what ends one, with data, or with a cookie; a lone heartbeat begins one", () => {
  for (const first of ["abort", "shutdown-complete", "cookie-ack", "data", "cookie-echo", "shutdown"]) check(`c A ${first} = !-`);
  check("c A init:B = !-");
  check("c A shutdown-ack = SHUTDOWN_ACK_SENT\ns A shutdown-complete = CLOSED");
  check("c A heartbeat = HEARTBEAT_SENT\ns B heartbeat-ack = ESTABLISHED\nc A data = ESTABLISHED\ns B data = ESTABLISHED");
});

test("chunks that must stand alone or first", () => {
  check("c 0 init:A data = !-");
  check(`${HANDSHAKE}
    c B data cookie-echo = !ESTABLISHED
    c B cookie-echo data = ESTABLISHED
    c B data shutdown-complete = !ESTABLISHED`);
});

test("a peer that restarted shows by heartbeats", () => {
  check(`${HANDSHAKE}
    c C heartbeat = ESTABLISHED
    s A data = ESTABLISHED
    s D heartbeat-ack = ESTABLISHED
    s A data = !ESTABLISHED
    s D data = ESTABLISHED
    c C heartbeat = ESTABLISHED
    c C data = ESTABLISHED`);
  check(`${HANDSHAKE}
    c C heartbeat data = !ESTABLISHED
    c C heartbeat-ack = !ESTABLISHED`);
});

test("a late INIT with a known tag changes nothing: its answer must fit the handshake that is over", () => {
  check(`${HANDSHAKE}
    c 0 init:A = ESTABLISHED
    s A init-ack:C = !ESTABLISHED
    s A init-ack:B = ESTABLISHED`);
  check(`${HANDSHAKE}
    c 0 init:C = ESTABLISHED
    s C init-ack:D = ESTABLISHED`);
});

test("an INIT sent again does not keep a closed association alive", () => {
  const router = check("c 0 init:A = CLOSED");
  const { deadline } = router.only;
  router.take(packet("c", "0", ["init:A"]), "tun0");
  expect(router.only.deadline).toBe(deadline);
});
