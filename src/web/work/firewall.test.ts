import { expect, test } from "vitest";
import { NO_DOCUMENTS } from "../state/documents.ts";
import { readFirewall } from "./firewall.ts";
import { outlineOf } from "./outline-of.ts";

const NOW = 1_700_000_000_000_000;

/** What a text of IPv4 rules is read as: `TABLE CHAIN POLICY: line text; …`, then faults as `line:column severity`, then lines left out. */
function check(
  rules4: string,
  expected: { readonly chains: readonly string[]; readonly faults?: readonly string[]; readonly skipped?: readonly number[] },
): void {
  const reading = outlineOf(readFirewall({ ...NO_DOCUMENTS, rules4 }, NOW));
  const chains = reading.tables.flatMap(({ name, chains: list }) =>
    list
      .filter(({ rules }) => rules.length > 0)
      .map(chain => `${name} ${chain.name} ${chain.policy ?? "-"}: ${chain.rules.map(({ line, text }) => `${line} ${text}`).join("; ")}`),
  );
  expect(chains).toEqual(expected.chains);
  expect(reading.faults.map(({ line, column, severity }) => `${line}:${column} ${severity}`)).toEqual(expected.faults ?? []);
  expect(reading.skipped.rules4).toEqual(expected.skipped ?? []);
}

test("rules have the lines that they stand on", () => {
  check("*filter\n:INPUT DROP [0:0]\n:web - [0:0]\n\n-A INPUT -p tcp -j web\n-A web -j ACCEPT\nCOMMIT\n", {
    chains: ["filter INPUT DROP: 5 -A INPUT -p tcp -j web", "filter web -: 6 -A web -j ACCEPT"],
  });
});

test("a faulty line is told and left out; what needs it goes too", () => {
  check("*filter\n:INPUT DROP [0:0]\n-A INPUT --dprot 22\n-A INPUT -i lo -j ACCEPT\nCOMMIT\n", {
    chains: ["filter INPUT DROP: 4 -A INPUT -i lo -j ACCEPT"],
    faults: ["3:10 error"],
    skipped: [3],
  });
  check("*filter\n:INPUT DROP [0:0]\n:no good chain\n-A INPUT -j no\n-A INPUT -j ACCEPT\nCOMMIT\n", {
    chains: ["filter INPUT DROP: 5 -A INPUT -j ACCEPT"],
    faults: ["3:5 error"],
    skipped: [3, 4],
  });
});

test("a table whose end is missing, or is being typed over, keeps its rules", () => {
  const chains = ["filter INPUT DROP: 3 -A INPUT -i lo -j ACCEPT"];
  check("*filter\n:INPUT DROP [0:0]\n-A INPUT -i lo -j ACCEPT\n-A INPUT -m conCOMMIT\n", {
    chains,
    faults: ["4:10 error", "5:1 error"],
    skipped: [4, 5],
  });
});

test("a text that is no rules at all gives no tables and says so", () => {
  check("hello\n", { chains: [], faults: ["1:1 error"], skipped: [1] });
});

test("names that objects have by birth are ordinary names", () => {
  check(
    "*filter\n:INPUT DROP [0:0]\n:__proto__ - [0:0]\n:constructor - [0:0]\n-A INPUT -j __proto__\n-A __proto__ -j constructor\nCOMMIT\n",
    {
      chains: ["filter INPUT DROP: 5 -A INPUT -j __proto__", "filter __proto__ -: 6 -A __proto__ -j constructor"],
    },
  );
  expect(Object.keys(Object.prototype)).toEqual([]);
});

test("sets and host are read, and their faults placed", () => {
  const read = readFirewall(
    {
      ...NO_DOCUMENTS,
      rules4: "*filter\n:INPUT DROP [0:0]\n-A INPUT -m set --match-set admins src -j ACCEPT\nCOMMIT\n",
      sets: "create admins hash:net family inet\nadd admins 10.0.0.0/8\nadd nobody 10.0.0.1\n",
      host: '{"interfaces": 3}',
    },
    NOW,
  );
  expect(read.sets?.has("admins")).toBe(true);
  expect(read.faults.map(({ document, line }) => `${document}:${line}`)).toEqual(["sets:3", ...read.faults.slice(1).map(() => "host:1")]);
  expect(read.faults.length).toBeGreaterThan(1);
  expect(read.host).toBeUndefined();
});

test("of very many faults all are counted, and errors are told before lines that are no rules", () => {
  const prose = Array.from({ length: 800 }, (_, at) => (at % 2 === 0 ? `line ${at} of a mail` : ""));
  const rules = Array.from({ length: 600 }, () => "-A INPUT --dprot 22");
  const { faults, faultCounts, skipped } = readFirewall(
    { ...NO_DOCUMENTS, rules4: [...prose, "*filter", ":INPUT DROP [0:0]", ...rules, "COMMIT", "regards"].join("\n") },
    NOW,
  );
  expect(faultCounts.rules4).toEqual({ error: 600, warning: 2 });
  expect(skipped.rules4.length).toBe(600);
  expect(faults.length).toBe(500);
  expect(faults[0]).toMatchObject({ line: 803, severity: "error" });
  const few = readFirewall({ ...NO_DOCUMENTS, rules4: [...prose, "*filter", "COMMIT", "regards"].join("\n") }, NOW);
  expect(few.faults.map(({ line, message }) => `${line} ${message}`)).toEqual([
    "1 lines 1 to 799 are no rules: outside any table",
    "803 this line is no rule: outside any table",
  ]);
});
