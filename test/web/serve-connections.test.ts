import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { bench, type Bench } from "./serve-client.ts";
import { callFor, codeOf, NEW, RULES } from "./serve-root.ts";

/** Who connects and says little, too much or nothing keeps nobody else out, and costs little. */

let served: Bench;
let sockets: Socket[] = [];
const said: unknown[] = [];
beforeAll(async () => void (served = await bench({ files: { "a.rules": RULES } })));
afterAll(() => served.close());
beforeEach(() => {
  said.length = 0;
  vi.spyOn(console, "error").mockImplementation((...words) => void said.push(words));
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
  await pause(50);
  expect(said).toEqual([]);
  vi.restoreAllMocks();
});

async function say(text: string): Promise<Socket> {
  const socket = connect(served.running.port, "127.0.0.1");
  sockets.push(socket);
  socket.on("error", () => undefined);
  await once(socket, "connect");
  socket.write(text);
  return socket;
}

/** The first lines of a request, with the token or without. */
const head = (line: string, headers = "", token = served.token): string =>
  `${line} HTTP/1.1\r\nHost: 127.0.0.1:${served.running.port}\r\nX-Ferrule-Token: ${token}\r\n${headers}\r\n`;

const workspace = async (): Promise<number> => (await served.ask("/api/workspace")).status;

test.each([
  ["say nothing", ""],
  ["never end their request", "GET / HTTP/1.1\r\nHost: x\r\n"],
])("a crowd of those who %s", async (_what, text) => {
  const crowd = await Promise.all(Array.from({ length: 300 }, () => say(text)));
  expect(await workspace()).toBe(200);
  const open = (): number => crowd.filter(socket => !socket.destroyed && socket.readyState === "open").length;
  await expect.poll(open).toBeLessThan(129);
  expect(open()).toBeGreaterThan(100);
});

test("does not drive out who has shown the token", async () => {
  const listening = await say(head("GET /api/events"));
  await once(listening, "data");
  for (let round = 0; round < 3; round++) await Promise.all(Array.from({ length: 100 }, () => say("")));
  expect(await workspace()).toBe(200);
  expect(listening.readyState).toBe("open");
});

test.each<[what: string, head: () => string]>([
  ["a call without the token", () => head(`PUT ${callFor("x.rules")}`, "Transfer-Encoding: chunked\r\n", "x")],
  ["a call without the token, whose body is to have 4 GiB", () => head(`PUT ${callFor("x.rules")}`, "Content-Length: 4294967296\r\n", "x")],
  ["a visit", () => head("GET /", "Transfer-Encoding: chunked\r\n", "x")],
  ["a call that has no body", () => head("GET /api/workspace", "Transfer-Encoding: chunked\r\n")],
])("who never stops sending is not listened to: %s", async (_what, text) => {
  const socket = await say(text());
  const block = `100000\r\n${"a".repeat(1 << 20)}\r\n`;
  let sent = 0;
  for (; sent < 64 && !socket.destroyed; sent++) {
    if (!socket.write(block)) await Promise.race([once(socket, "drain"), once(socket, "close")]).catch(() => undefined);
    await pause(1);
  }
  expect(sent).toBeLessThan(64);
});

test("bodies that would be too much together are refused, and no longer than they are under way", async () => {
  /** Announces a large body. Gives what the server has said of it: that it waits for it, and then, where it does not after all, why. */
  const put = async (name: string): Promise<() => string> => {
    const socket = await say(head(`PUT ${callFor(name)}`, `If-None-Match: *\r\nExpect: 100-continue\r\nContent-Length: ${60 << 20}\r\n`));
    let told = "";
    socket.on("data", (bytes: Buffer) => (told += bytes.toString()));
    while (!told.includes("\r\n\r\n")) await once(socket, "data");
    // Whatever the server had to say against it is behind its answer to a later call.
    await workspace();
    return () => told;
  };
  const waits = /^HTTP\/1\.1 100 Continue\r\n\r\n$/;
  for (const name of ["one.rules", "two.rules"]) expect((await put(name))()).toMatch(waits);
  await expect.poll(await put("three.rules")).toMatch(/HTTP\/1\.1 503 .*"code":"busy"/s);
  expect((await served.ask(callFor("small.rules"), { method: "PUT", headers: NEW, body: RULES })).status).toBe(200);
  for (const socket of sockets) socket.destroy();
  await expect.poll(async () => (await put("four.rules"))()).toMatch(waits);
});

test("a save that is broken off leaves nothing, and no word on the terminal", async () => {
  const socket = await say(`${head(`PUT ${callFor("half.rules")}`, "If-None-Match: *\r\nContent-Length: 500\r\n")}*filter\n`);
  await pause(100);
  socket.destroy();
  await pause(100);
  expect(codeOf(await served.ask(callFor("half.rules")))).toBe("not-found");
});
