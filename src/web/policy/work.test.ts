import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { NO_DOCUMENTS, type Documents } from "../state/documents.ts";
import { chosenOf } from "./chosen.ts";
import { cellWords } from "./cell-words.ts";
import { policyHead, policyRows, servedPolicyFile } from "./served.ts";
import { answerOf } from "./query-work.ts";
import { questionWords } from "./question-words.ts";
import type { RowView, SectionView } from "./view.ts";

const NOW = 0;
const example = (name: string): string => readFileSync(`examples/${name}`, "utf8");
const NAT: Documents = { ...NO_DOCUMENTS, rules4: example("nat-gateway.rules") };

const rules = (...lines: readonly string[]): Documents => ({
  ...NO_DOCUMENTS,
  rules4: ["*filter", ":INPUT DROP [0:0]", ":FORWARD DROP [0:0]", ":OUTPUT ACCEPT [0:0]", ...lines, "COMMIT", ""].join("\n"),
});

interface Shown {
  readonly section: SectionView;
  readonly rows: readonly RowView[];
  /** Words of cells by service and class. */
  cell(service: string, column: number): string;
}

function shown(texts: Documents, path: string, axis: "clients" | "servers" = "clients"): Shown {
  const head = policyHead(texts, { rows: 5000, now: NOW });
  const at = head.sections.findIndex(each => each.path === path);
  const section = head.sections[at];
  if (!section) throw new Error(`no section ${path}`);
  const { columns, cells } = section.matrices[axis];
  return {
    section,
    rows: policyRows(at, 0, 5000),
    cell: (service, column) => {
      const line = section.lines.findIndex(({ name }) => name === service);
      return line < 0 ? "no line" : cellWords(cells[line * columns.length + column] ?? 0).word;
    },
  };
}

const TRACKED = "-A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT";

test.each<[string, readonly string[], string, number, string]>([
  ["everybody, everywhere", [TRACKED, "-A INPUT -p tcp --dport 22 -j ACCEPT"], "ssh (tcp 22)", 0, "open"],
  ["through one interface", [TRACKED, "-A INPUT -i eth0 -p tcp --dport 22 -j ACCEPT"], "ssh (tcp 22)", 0, "partly"],
  ["on a condition", [TRACKED, "-A INPUT -p tcp --dport 22 -m limit --limit 3/min -j ACCEPT"], "ssh (tcp 22)", 0, "open?"],
  ["nobody else", [TRACKED, "-A INPUT -s 10.0.0.0/8 -p tcp --dport 22 -j ACCEPT"], "http (tcp 80)", 0, "no line"],
])("a cell says how far one gets: %s", (_, lines, service, column, word) =>
  expect(shown(rules(...lines), "in").cell(service, column)).toBe(word),
);

test("who may open everything may open each service", () => {
  const { cell, section } = shown(
    rules(TRACKED, "-A INPUT -s 10.0.0.0/8 -j ACCEPT", "-A INPUT -s 192.0.2.0/24 -p tcp --dport 22 -j ACCEPT"),
    "in",
  );
  const names = section.matrices.clients.columns.map(({ name }) => name);
  const ten = names.findIndex(name => name.startsWith("10.0.0.0/8"));
  const other = names.findIndex(name => name.includes("192.0.2.0/24"));
  expect([cell("ssh (tcp 22)", ten), cell("ssh (tcp 22)", other)]).toEqual(["open", "open"]);
  // Who may open one service may open a part of everything.
  expect([cell("everything", ten), cell("everything", other)]).toEqual(["open", "partly"]);
});

test("a session that dies is half-open, with who fails and why", () => {
  const texts = rules("-A INPUT -p tcp --dport 22 -j ACCEPT", "-A OUTPUT -p tcp --sport 22 -j DROP");
  const { cell, rows } = shown(texts, "in");
  expect(cell("ssh (tcp 22)", 0)).toBe("half");
  const [row] = rows;
  expect(row?.kind).toBe("half-open");
  expect(row?.fails?.text).toBe("the answer is stopped by");
  expect(row?.fails?.by).toMatchObject({ chain: "OUTPUT", number: 1, line: 6 });
  expect(row?.witness).toMatch(/^session tcp /);
});

test("rows name the columns that their cells stand in", () => {
  for (const path of ["in", "out", "forward"])
    for (const axis of ["clients", "servers"] as const) {
      const { section, rows } = shown(NAT, path, axis);
      const { columns, cells } = section.matrices[axis];
      for (const [line, { rows: whole, parts }] of section.lines.entries())
        for (let column = 0; column < columns.length; column++) {
          const some = [...whole, ...parts].some(at => rows[at]?.columns[axis].includes(column));
          expect(cells[line * columns.length + column] !== 0).toBe(some);
        }
    }
});

test("what NAT makes of a session stands in its row", () =>
  expect(shown(NAT, "forward").rows.flatMap(({ becomes }) => becomes)).toContain("destination 192.168.1.80:80"));

test("a filter keeps the services and addresses that hold its words", () => {
  const { section } = shown(
    rules(TRACKED, "-A INPUT -s 10.0.0.0/8 -p tcp --dport 80 -j ACCEPT", "-A INPUT -s 192.0.2.0/24 -p tcp --dport 22 -j ACCEPT"),
    "in",
  );
  const names = (filter: string): readonly (readonly string[])[] => {
    const { lines, columns } = chosenOf(section, section.matrices.clients, filter);
    return [lines.map(at => section.lines[at]?.name ?? ""), columns.map(at => section.matrices.clients.columns[at]?.name ?? "")];
  };
  expect(names("")[0]).toHaveLength(2);
  expect(names("ssh")[0]).toEqual(["ssh (tcp 22)"]);
  expect(names("192.0")).toEqual([["ssh (tcp 22)"], ["192.0.2.0/24 (TEST-NET-1)"].map(() => expect.stringContaining("192.0.2.0/24"))]);
  expect(names("ssh 10.0")).toEqual([[], [expect.stringContaining("10.0.0.0/8")]]);
  expect(names("nothing-holds-this")).toEqual([[], []]);
});

test("everything crosses to the page as plain data", () => {
  const texts = { ...NAT, rules6: example("nat-gateway.rules").replaceAll("192.168.1.", "fd00::").replaceAll("/24", "/64") };
  const head = policyHead({ ...NAT, rules6: rules(TRACKED).rules4 }, { rows: 60, now: NOW });
  expect(structuredClone(head)).toEqual(head);
  expect(head.families).toEqual([4, 6]);
  expect(structuredClone(answerOf(texts, "from any to self tcp 22", NOW))).toBeDefined();
});

test("files are what the command writes", () => {
  const wish = { rows: 5000, now: NOW };
  policyHead(NAT, wish);
  expect(JSON.parse(servedPolicyFile(NAT, wish, "json", "x"))).toMatchObject({ ferrule: "policy", version: 1 });
  expect(servedPolicyFile(NAT, wish, "csv", "x").split("\r\n")[0]).toMatch(/^family,path,kind,service/);
  expect(servedPolicyFile(NAT, wish, "svg", "x")).toMatch(/^<svg /);
  expect(servedPolicyFile(NAT, wish, "html", "<b>mine</b>")).toContain("What &lt;b&gt;mine&lt;/b&gt; allows");
  // After other rules were looked at, the file is still that of these.
  policyHead(rules(TRACKED), wish);
  expect(servedPolicyFile(NAT, wish, "csv", "x")).toContain("192.168.1.80");
});

test("a question is answered with witnesses, or its fault told", () => {
  const { answer } = answerOf(rules(TRACKED, "-A INPUT -p tcp --dport 22 -j ACCEPT"), "from any to self tcp 22", NOW);
  expect(answer?.verdict).toBe("yes");
  expect(answer?.parts[0]).toMatchObject({ fate: "usable", doubt: "", where: "IPv4, to this machine" });
  expect(answer?.parts[0]?.decidedBy[0]).toMatchObject({ chain: "INPUT", number: 2, line: 6 });
  expect(answerOf(NAT, "from any to @nobody tcp 22", NOW).fault).toMatchObject({ start: 12 });
  expect(answerOf(NAT, "from any to", NOW).fault?.message).toContain("missing");
});

test.each<[Documents, string, boolean]>([
  [NAT, "from any to self tcp 8080", true],
  [NAT, "from any to any tcp 8080", false],
  [{ ...NAT, host: example("nat-gateway.host.json") }, "from any to self tcp 8080", false],
  [rules(TRACKED), "from any to self tcp 8080", false],
])("port forwards are told to be missing where nobody says which addresses are the machine's: %#", (texts, question, lacks) => {
  expect(answerOf(texts, question, NOW).answer?.lacksForwards).toBe(lacks);
});

test("conditions are in words", () => {
  const { answer } = answerOf(
    rules(TRACKED, "-A INPUT -p tcp --dport 22 -m limit --limit 3/min --limit-burst 5 -j ACCEPT"),
    "from any to self tcp 22",
    NOW,
  );
  expect(answer?.verdict).toBe("depends");
  expect(answer?.because).toContain("3 per minute at most");
  expect(answer?.parts.flatMap(({ depends }) => depends)).toContainEqual(expect.stringContaining("3 per minute at most"));
});

test("names for questions come from rules, sets and machine", () => {
  const texts = {
    ...rules("-A INPUT -i eth7 -s 10.9.0.0/16 -m set --match-set __proto__ src -j ACCEPT", "-A INPUT -d 192.0.2.9/32 -j ACCEPT"),
    sets: "create __proto__ hash:ip\ncreate admins hash:ip\n",
  };
  const words = questionWords(texts, NOW);
  expect(words.interfaces).toContain("eth7");
  expect(words.sets.toSorted()).toEqual(["__proto__", "admins"]);
  expect(words.addresses.toSorted()).toEqual(["10.9.0.0/16", "192.0.2.9"]);
  expect(words.networks).toEqual([]);
});
