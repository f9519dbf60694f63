import { expect, test } from "vitest";
import { parseIpv4 } from "../../src/packet/index.ts";
import { Flow } from "../kernel/helpers/conversation.ts";
import { bytesOf, machine, START, type MachineOptions } from "./machine.ts";

/** Fault 38: what a server says in its 227 opens nothing at a third party, unless the helper is told to be loose (nf_conntrack_ftp.c, help). */

const RULES = `*raw
-A PREROUTING -p tcp --dport 21 -j CT --helper ftp
COMMIT
*filter
:FORWARD DROP [0:0]
-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
-A FORWARD -m conntrack --ctstate RELATED -m helper --helper ftp -j ACCEPT
-A FORWARD -p tcp --dport 21 -m conntrack --ctstate NEW -j ACCEPT
COMMIT
`;
const CLIENT = "10.0.0.5";
const SERVER = "203.0.113.10";

/** What becomes of a connection from the client to `to` after the server has said this, and the number of the rule that decided; 0 is the policy. */
function after(said: string, to: string, options: MachineOptions = {}): string {
  const firewall = machine(RULES, options);
  let now = START;
  const own = { address: parseIpv4(CLIENT) as number, port: 40_000 };
  const peer = { address: parseIpv4(SERVER) as number, port: 21 };
  const wire = (arm: "tun0" | "tun1", bytes: Uint8Array): Uint8Array | undefined =>
    firewall.receive({ bytes, in: arm === "tun0" ? "lan0" : "eth0" }, (now += 1000)).emitted[0]?.bytes;
  const flow = new Flow(wire, "tcp", "tun0", own, peer);
  expect(flow.open()).toBe(true);
  for (const [from, line] of [
    ["server", "220 ready\r\n"],
    ["client", "PASV\r\n"],
    ["server", said],
  ] as const)
    flow.say(
      from,
      Uint8Array.from(line, character => character.charCodeAt(0)),
    );
  const { verdict, decidedBy } = firewall.receive({ bytes: bytesOf(`tcp ${CLIENT}:40001 > ${to} syn`), in: "lan0" }, now + 1000);
  return `${verdict} ${decidedBy?.number}`;
}

const LOOSE = { helperSettings: { ftpLoose: true } } as const;
test.each<[name: string, said: string, to: string, options: MachineOptions, verdict: string]>([
  ["the server's own address", "227 Entering Passive Mode (203,0,113,10,7,208)\r\n", `${SERVER}:2000`, {}, "forwarded 2"],
  ["a third party's address", "227 Entering Passive Mode (203,0,113,77,7,208)\r\n", "203.0.113.77:2000", {}, "dropped 0"],
  [
    "a third party's address, then the server's port",
    "227 Entering Passive Mode (203,0,113,77,7,208)\r\n",
    `${SERVER}:2000`,
    {},
    "dropped 0",
  ],
  ["a third party's address, loose", "227 Entering Passive Mode (203,0,113,77,7,208)\r\n", "203.0.113.77:2000", LOOSE, "forwarded 2"],
  ["a machine of the client's own network", "227 Entering Passive Mode (10,0,0,77,0,22)\r\n", "10.0.0.77:22", {}, "dropped 0"],
  // A low port is no obstacle to the kernel.
  ["a low port of the server", "227 Entering Passive Mode (203,0,113,10,0,22)\r\n", `${SERVER}:22`, {}, "forwarded 2"],
  ["port 0", "227 Entering Passive Mode (203,0,113,10,0,0)\r\n", `${SERVER}:1`, {}, "dropped 0"],
  [
    "a number over 255, whose ninth bit falls onto one that is set",
    "227 Entering Passive Mode (203,0,113,266,7,208)\r\n",
    `${SERVER}:2000`,
    {},
    "forwarded 2",
  ],
])("fault 38: a 227 with %s", (_, said, to, options, verdict) => expect(after(said, to, options)).toBe(verdict));
