import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ferrule as run, scratch, type Said } from "../faults/command-line.ts";

const RULES = `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -m conntrack --ctstate INVALID -j DROP
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A INPUT -s 10.1.0.0/16 -p tcp -m tcp --dport 22 -m conntrack --ctstate NEW -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j ACCEPT
-A INPUT -p tcp -m multiport --dports 80,443 -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j ACCEPT
COMMIT
`;

const files = scratch();
const rules = files.file("rules", RULES);
const at = (name: string): string => join(dirname(rules), name);
afterAll(() => files.remove());

const ferrule = (...args: string[]): Promise<Said> => {
  process.env["COLUMNS"] = "100";
  return run("policy", ...args);
};

test("text: the first screen says what the machine offers", async () => {
  const { status, stdout } = await ferrule(rules, "--path", "in");
  expect(status).toBe(0);
  expect(stdout).toBe(`What this firewall allows
  IPv4 in: anyone may open http, https (tcp 80, 443) on this machine; besides ssh (tcp 22) from
  10.1.0.0/16.

IPv4, to this machine
  SERVICE                    FROM
  http, https (tcp 80, 443)  anywhere
  ssh (tcp 22)               10.1.0.0/16
  No strays: nothing passes outside a session
  Everything else is dropped by the policy of filter INPUT.
  Exact for 100 % of the kinds of sessions.

Assumed: nothing is known of the machine's interfaces, addresses and routes (--host, --if); it
forwards.
`);
});

test("JSON, CSV, a picture and a page at once", async () => {
  const json = await ferrule(rules, "--json", "--svg", at("p.svg"), "--html", at("p.html"));
  expect(json.status).toBe(0);
  const report = JSON.parse(json.stdout) as {
    version: number;
    sections: { path: string; usable: { services: { name: string }[]; witness: { packet: string } }[] }[];
  };
  expect(report.version).toBe(1);
  expect(report.sections.map(({ path }) => path)).toEqual(["in", "out", "forward"]);
  expect(report.sections[0]?.usable.map(({ witness }) => witness.packet)).toEqual([
    "tcp 203.0.113.9:50000 > 198.51.100.2:80 syn in eth0",
    "tcp 10.1.0.1:50000 > 198.51.100.2:22 syn in eth0",
  ]);
  expect(readFileSync(at("p.svg"), "utf8")).toContain("ssh (tcp 22)");
  expect(readFileSync(at("p.html"), "utf8")).toContain("<!doctype html>");
  const csv = (await ferrule(rules, "--csv", "--path", "in")).stdout.split("\r\n");
  expect(csv).toHaveLength(4);
  expect(csv[2]).toContain("IPv4,in,usable,ssh (tcp 22),tcp,22,,10.1.0.0/16,self,");
});

test("matrices of one chain and of a path", async () => {
  const { stdout } = await ferrule(rules, "--matrix", "tcp/22", "--chain", "INPUT");
  expect(stdout).toBe(`=========== TCP port 10000->22 =========
a |-> {0.0.0.0 .. 10.0.255.255} u {10.2.0.0 .. 126.255.255.255} u {128.0.0.0 .. 255.255.255.255}
b |-> {10.1.0.0 .. 10.1.255.255} u {127.0.0.0 .. 127.255.255.255}

(b,a)
(b,b)
`);
  const paths = JSON.parse((await ferrule(rules, "--matrix", "tcp/80,udp/53", "--path", "in", "--json")).stdout) as {
    matrices: { port: number; edges: unknown[] }[];
  };
  expect(paths.matrices.map(({ port, edges }) => [port, edges.length > 0])).toEqual([
    [80, true],
    [53, false],
  ]);
});

test.each<[string[], string]>([
  [["--path", "sideways"], "expected one of in, out, forward, local"],
  [["--matrix", "icmp/8"], "expected services such as tcp/22,udp/53"],
  [["--matrix", "tcp/99999"], "expected a port, 0 to 65535"],
  [["--matrix", "tcp/22", "--chain", "NONE"], "there is no chain NONE in the filter table"],
  [["--svg", "/nowhere/at/all.svg"], "cannot be written"],
])("%j is refused with exit status 2", async (args, said) => {
  const { status, stderr } = await ferrule(rules, ...args);
  expect(status).toBe(2);
  expect(stderr).toContain(said);
});

test("help has examples", async () => expect((await ferrule("--help")).stdout).toContain("Examples:\n  ferrule policy rules.v4\n"));
