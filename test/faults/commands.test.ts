import { readFileSync } from "node:fs";
import { afterAll, beforeEach, expect, test } from "vitest";
import { ferrule, scratch } from "./command-line.ts";
import { filter } from "./refused-text.ts";

/** The bad days of the commands themselves and of restores into a store: what is refused changes nothing, and what is told is what iptables tells. */

const files = scratch();
afterAll(() => files.remove());
const BEFORE = "*filter\n:INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:kept - [0:0]\n[0:0] -A INPUT -j kept\nCOMMIT\n";
let store = "";
beforeEach(() => void (store = files.file("store.rules", BEFORE)));
const rules = (): string => readFileSync(store, "utf8");
const before = Reflect.ownKeys(Object.prototype).join();

/** A restore of this text, or a command in words, that must be refused with the store as it was. */
async function refused(what: string | readonly string[], status: number, says: string): Promise<void> {
  const words =
    typeof what === "string" ? ["iptables-restore", "--store", store, files.file("text", what)] : ["iptables", "--store", store, ...what];
  const said = await ferrule(...words);
  expect({ status: said.status, stdout: said.stdout, rules: rules() }).toEqual({ status, stdout: "", rules: BEFORE });
  expect(said.stderr).toContain(says);
}

const numbers = (count: number): string => Array.from({ length: count }, (_, i) => i + 1).join();
const ranges = (count: number): string => Array.from({ length: count }, (_, i) => `${2 * i + 1}:${2 * i + 2}`).join();

test.each<[fault: number, name: string, text: string, status: number, says: string]>([
  [1, "a loop", filter(":a - [0:0]", ":b - [0:0]", "-A INPUT -j a", "-A a -j b", "-A b -j a"), 4, "(Too many links): rule in chain b"],
  [3, "a jump to no chain", filter("-A INPUT -j nowhere"), 2, "Chain 'nowhere' does not exist"],
  [4, "REDIRECT in filter", filter("-A INPUT -p tcp -j REDIRECT"), 4, "line 5: RULE_APPEND failed (Invalid argument)"],
  [4, "owner in INPUT", filter("-A INPUT -m owner --uid-owner 0"), 4, "line 5: RULE_APPEND failed"],
  [5, "DROP in nat", "*nat\n-A PREROUTING -j DROP\nCOMMIT\n", 2, "not intended for filtering"],
  [6, "an unclosed quote", filter('-A INPUT -m comment --comment "abc -j DROP'), 2, "unclosed quote"],
  [7, "NUL inside a comment", filter('-A INPUT -m comment --comment "a\0b" -j DROP'), 2, "NUL byte"],
  [9, "a bad second table", `${filter("-A INPUT -j DROP")}*nat\n-A PREROUTING -j BOGUS\nCOMMIT\n`, 2, "Chain 'BOGUS' does not exist"],
  [10, "a missing COMMIT", "*filter\n-A INPUT -j DROP\n", 1, "COMMIT expected at line 3"],
  [11, "CR LF", filter("-A INPUT -j DROP").replaceAll("\n", "\r\n"), 2, "line 1 table name 'filter\r' invalid"],
  [11, "a byte-order mark", `\ufeff${filter("-A INPUT -j DROP")}`, 1, "line 1 failed"],
  [15, "! before two sources", filter("-A INPUT ! -s 192.0.2.1,192.0.2.2"), 2, "! not allowed with multiple"],
  [16, "a range from high to low", filter("-A INPUT -p tcp --dport 100:50"), 2, "invalid portrange (min > max)"],
  [17, "multiport with 16 ports", filter(`-A INPUT -p tcp -m multiport --dports ${numbers(16)}`), 2, "too many ports specified"],
  [17, "a chain name of 29", filter(`:${"c".repeat(29)} - [0:0]`), 2, "too long (must be under 29 chars)"],
  [18, "a word of 20,000", filter(`-A INPUT -s ${"1".repeat(20_000)}`), 2, "Parameter too long!"],
  [22, "counters that are no numbers", "*filter\n:INPUT ACCEPT [a:b]\nCOMMIT\n", 0, ""],
])("fault %i: restoring %s", async (fault, _name, text, status, says) => {
  if (fault !== 22) return refused(text, status, says);
  const said = await ferrule("iptables-restore", "--store", store, "-c", files.file("text", text));
  expect(said.stderr).toContain("invalid policy counters for chain 'INPUT'");
  expect(rules()).toBe(BEFORE);
});

test.each<[fault: number, argv: string[], status: number, says: string]>([
  [1, ["-A", "kept", "-j", "kept"], 4, "(Too many links)"],
  [3, ["-A", "INPUT", "-j", "nowhere"], 2, "Chain 'nowhere' does not exist"],
  [4, ["-t", "nat", "-A", "PREROUTING", "-j", "MASQUERADE"], 4, "RULE_APPEND failed (Invalid argument): rule in chain PREROUTING"],
  [5, ["-t", "nat", "-A", "PREROUTING", "-j", "DROP"], 2, "not intended for filtering"],
  [15, ["-A", "INPUT", "!", "-s", "1.1.1.1,2.2.2.2"], 2, "! not allowed with multiple"],
  [16, ["-A", "INPUT", "-p", "tcp", "--dport", "99999"], 2, "invalid port/service `99999' specified"],
  [16, ["-A", "INPUT", "-s", "192.0.2.1/33"], 2, "invalid mask `33' specified"],
  [17, ["-A", "INPUT", "-p", "tcp", "-m", "multiport", "--dports", ranges(8)], 2, "too many ports specified"],
  [17, ["-N", "c".repeat(29)], 2, "too long (must be under 29 chars)"],
  [25, ["-A", "__proto__", "-j", "DROP"], 1, "No chain/target/match by that name."],
  [25, ["-A", "INPUT", "-m", "constructor"], 2, "Couldn't load match `constructor'"],
  [25, ["-t", "__proto__", "-L"], 3, "table '__proto__' does not exist"],
])("fault %i: iptables %j", (_fault, argv, status, says) => refused(argv, status, says));

test.each<[fault: number, argv: string[], saved: string]>([
  [12, ["-A", "INPUT", "-s", "010.0.0.1"], "-A INPUT -s 8.0.0.1/32"],
  [13, ["-A", "INPUT", "-s", "10.0.0.5/24"], "-A INPUT -s 10.0.0.0/24"],
  [14, ["-A", "INPUT", "-s", "10.1.2.3/255.0.255.0"], "-A INPUT -s 10.0.2.0/255.0.255.0"],
  [15, ["-A", "INPUT", "-s", "1.1.1.1,2.2.2.2", "-d", "3.3.3.3,4.4.4.4"], "-A INPUT -s 2.2.2.2/32 -d 4.4.4.4/32"],
  [17, ["-N", "c".repeat(28)], `-N ${"c".repeat(28)}`],
  [19, ["-A", "INPUT", "-j", "LOG", "--log-prefix", "p".repeat(30)], `-A INPUT -j LOG --log-prefix ${"p".repeat(29)}`],
  [20, ["-A", "INPUT", "!", "-p", "tcp", "--dport", "80"], "-A INPUT ! -p tcp -m tcp --dport 80"],
  [
    21,
    ["-A", "INPUT", "-m", "recent", "--update", "--seconds", "1", "--hitcount", "300"],
    "-A INPUT -m recent --update --seconds 1 --hitcount 300 --name DEFAULT --mask 255.255.255.255 --rsource",
  ],
  [23, ["-A", "INPUT", "-m", "comment", "--comment", "<script>$(id)`id`"], '-A INPUT -m comment --comment "<script>$(id)`id`"'],
  [25, ["-N", "__proto__"], "-N __proto__"],
  [25, ["-N", "constructor"], "-N constructor"],
])("fault %i: iptables %j is accepted", async (_fault, argv, saved) => {
  expect((await ferrule("iptables", "--store", store, ...argv)).status).toBe(0);
  const { stdout } = await ferrule("iptables", "--store", store, "-S");
  expect(stdout.split("\n")).toContain(saved);
  expect(Reflect.ownKeys(Object.prototype).join()).toBe(before);
});

test("fault 2: a loop that nothing reaches", async () => {
  const text = filter(":a - [0:0]", ":b - [0:0]", "-A a -j b", "-A b -j a");
  expect((await ferrule("iptables-restore", "--store", store, files.file("text", text))).status).toBe(0);
  expect(rules()).toContain("-A b -j a");
});

test("fault 8: of two blocks for one table the last wins", async () => {
  const text = filter("-A INPUT -j DROP") + filter("-A INPUT -j ACCEPT");
  expect((await ferrule("iptables-restore", "--store", store, files.file("text", text))).status).toBe(0);
  expect(rules()).toContain("-A INPUT -j ACCEPT");
  expect(rules()).not.toContain("DROP");
});

test("fault 20: legacy refuses what nf_tables accepts", () =>
  refused(["--legacy", "-A", "INPUT", "!", "-p", "tcp", "--dport", "80"], 1, "Invalid argument. Run `dmesg' for more information."));

test("fault 29: a large restore tells the true line", async () => {
  const lines = Array.from({ length: 100_000 }, (_, i) => `-A INPUT -s 10.${i >> 16}.${(i >> 8) & 255}.${i & 255}/32 -j DROP`);
  await refused(filter(...lines, "-A INPUT -p tcp --dport x"), 2, "Error occurred at line: 100005");
});

test.each(["__proto__", "constructor", "toString"])("fault 25: a set named %s", async name => {
  const run = (...words: string[]): ReturnType<typeof ferrule> => ferrule(words[0] ?? "", "--store", store, ...words.slice(1));
  expect((await run("ipset", "test", name, "192.0.2.1")).stderr).toContain("The set with the given name does not exist");
  expect((await run("ipset", "create", name, "hash:ip")).status).toBe(0);
  expect((await run("ipset", "add", name, "192.0.2.1")).status).toBe(0);
  expect((await run("iptables", "-A", "INPUT", "-m", "set", "--match-set", name, "src", "-j", "DROP")).status).toBe(0);
  expect((await run("ipset", "destroy", name)).stderr).toContain("in use by a kernel component");
  expect((await run("ipset", "save")).stdout).toContain(`add ${name} 192.0.2.1`);
  expect((await run("iptables", "-S", "INPUT")).stdout).toContain(`-m set --match-set ${name} src`);
  expect(Reflect.ownKeys(Object.prototype).join()).toBe(before);
});
