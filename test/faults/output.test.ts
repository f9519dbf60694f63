import { afterAll, expect, test } from "vitest";
import { ferrule, scratch, type Said } from "./command-line.ts";
import { filter } from "./refused-text.ts";

/** Faults 23, 24 and 26 on the way out: what rules, packets, hosts and captures hold must not act on a terminal. */

const files = scratch();
afterAll(() => files.remove());

/** Characters that a terminal obeys, or that turn the direction of writing; line breaks are the program's own. */
const ACTIVE = /[^\P{Cc}\n]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
const quiet = ({ stdout, stderr }: Said): void => {
  expect(ACTIVE.exec(stdout)?.input.slice(0, 200)).toBeUndefined();
  expect(ACTIVE.exec(stderr)?.input.slice(0, 200)).toBeUndefined();
};

const EVIL = "\u001b]0;owned\u0007\u001b[2J\u202e\u2066\u009b31m";
const COMMENT = `<script>${EVIL}</script> $(id) \`id\``;
const RULES = filter(
  `-A INPUT -i e${EVIL.slice(0, 4)} -m comment --comment "${COMMENT}" -j DROP`,
  `-A INPUT -p tcp -m comment --comment "${COMMENT}" -j LOG --log-prefix "${EVIL.slice(0, 10)}"`,
  `-A INPUT -p tcp -m comment --comment "${COMMENT}" -j REJECT`,
);
const PACKET = "tcp 203.0.113.9:40000 > 198.51.100.2:22 syn in eth0";

test("fault 23: a comment goes through save text to the byte", async () => {
  const { status, stdout } = await ferrule("show", files.file("evil.rules", RULES));
  expect(status).toBe(0);
  expect(stdout.split("\n").filter(line => line.includes(COMMENT)).length).toBe(3);
});

test.each([[], ["--all"], ["--json"]])("fault 24: a trace shows escapes as text (%s)", async (...options) => {
  const said = await ferrule("trace", ...options, files.file("evil.rules", RULES), PACKET, `session ${PACKET}`);
  expect(said.status).toBe(1);
  quiet(said);
  expect(said.stdout).toContain("<script>");
});

test("fault 24: so do refusals, with their line, file name and guess", async () => {
  for (const line of [
    `-A INPUT -j ${EVIL}`,
    `-A INPUT --${EVIL} 1`,
    `-A INPUT -s "${EVIL}"`,
    `-A INPUT -p ${EVIL}`,
    `*${EVIL}`,
    `:${EVIL} ${EVIL} ${EVIL}`,
    `-A ${EVIL} -j DROP`,
  ]) {
    const said = await ferrule("show", files.file(`${EVIL.slice(0, 6)}.rules`, filter(line)));
    expect(said.status).toBe(2);
    quiet(said);
  }
});

test("fault 24: so do warnings and ignored lines", async () => {
  const said = await ferrule(
    "show",
    "--list",
    files.file(`${EVIL.slice(0, 6)}.rules`, `${EVIL}\n${filter("-A INPUT -s 010.0.0.1 -j DROP")}`),
  );
  expect(said.status).toBe(0);
  quiet(said);
});

test("fault 24: so do faults in packets, hosts and flags", async () => {
  const rules = files.file("plain.rules", filter("-A INPUT -j DROP"));
  const commands = [
    ["trace", rules, `tcp ${EVIL} > 192.0.2.1:22`],
    ["trace", rules, `tcp 203.0.113.9:1 > 198.51.100.2:22 ${EVIL}`],
    ["trace", rules, `tcp 203.0.113.9:1 > 198.51.100.2:22 syn in "${EVIL}"`, "--if", "eth0=192.0.2.1/24"],
    ["trace", rules, PACKET, "--if", EVIL],
    ["trace", rules, PACKET, "--route", EVIL],
    ["trace", rules, PACKET, "--host", files.file("host.json", `{"${EVIL}": ["${EVIL}"]}`)],
    ["show", rules, "--family", EVIL],
    ["show", rules, `--${EVIL}`],
    [EVIL],
    ["show", EVIL],
    ["replay", rules, files.file("not.pcap", EVIL)],
    ["replay", rules, EVIL],
  ];
  for (const argv of commands) {
    const said = await ferrule(...argv);
    expect([argv, said.status]).toEqual([argv, 2]);
    quiet(said);
  }
});
