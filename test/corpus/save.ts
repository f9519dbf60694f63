/** Every real and golden ruleset of the corpus: accepted with the same canonical text, or the same lines refused. */
import { readFileSync } from "node:fs";
import { printSave, readSave, type Fault, type Reading } from "../../src/syntax/index.ts";
import { jsonLines } from "./json-lines.ts";
import type { SuiteResult } from "./suite.ts";

interface SaveRow {
  readonly path: string;
  readonly family: 4 | 6;
  readonly variant: "legacy" | "nft";
  readonly rc: number;
  readonly rejected: readonly { readonly line: number; readonly text: string; readonly err: string }[];
  readonly save: string;
  readonly stderr: string;
}

/** The measurement stopped after this many refused lines. */
const MOST_REJECTED = 72;

export const name = "save";

export async function run(dir: string): Promise<SuiteResult> {
  const outOfReach = new Map<string, number>();
  const disagreements: { id: string; expected: string; got: string }[] = [];
  let total = 0;
  for (const row of jsonLines<SaveRow>(`${dir}/expected/save.jsonl.gz`)) {
    const text = readFileSync(`${dir}/${row.path}`, "utf8");
    const id = `${row.path} ${row.family} ${row.variant}`;
    const { lines, reading, unsupported } = settle(text, row);
    if (unsupported !== undefined) {
      outOfReach.set(unsupported, (outOfReach.get(unsupported) ?? 0) + 1);
      continue;
    }
    if (text.includes("\r\n")) {
      outOfReach.set("CR LF accepted on purpose", (outOfReach.get("CR LF accepted on purpose") ?? 0) + 1);
      continue;
    }
    total++;
    const difference = compare(row, lines, reading);
    if (difference) disagreements.push({ id, ...difference });
  }
  return { name, agreed: total - disagreements.length, total, outOfReach, disagreements };
}

/** Takes refused lines out until the rest is accepted, as the measurement did. Placement faults are not taken out. */
function settle(
  text: string,
  { family, variant, path }: SaveRow,
): { lines: Map<number, string>; reading: Reading; unsupported: string | undefined } {
  const lines = new Map<number, string>();
  const kept = text.split("\n");
  for (;;) {
    const reading = readSave(kept.join("\n"), path, { family, variant });
    const unsupported = reading.faults.find(fault => fault.unsupported !== undefined)?.unsupported;
    for (const { line, text: ignored, reason } of reading.ignored) if (reason.startsWith("outside")) lines.set(line, ignored);
    const fresh = reading.faults.filter(fault => !isLate(fault, variant) && !lines.has(fault.line));
    if (unsupported !== undefined || fresh.length === 0) return { lines, reading, unsupported };
    for (const { line, message } of fresh) {
      lines.set(line, message);
      kept[line - 1] = "#";
    }
  }
}

/** Found only when the table goes to the kernel. */
const isLate = ({ status, message }: Fault, variant: string): boolean =>
  variant === "nft"
    ? message.endsWith("does not exist")
    : status === 1 && !message.startsWith("No chain") && !message.startsWith("Bad rule") && !message.startsWith("Index");

function compare(row: SaveRow, lines: ReadonlyMap<number, string>, reading: Reading): { expected: string; got: string } | undefined {
  const tooMany = row.stderr.includes("too many rejects");
  const expected = row.rejected.map(({ line }) => line);
  const got = [...lines.keys()].toSorted((a, b) => a - b);
  // Where the measurement gave up at a line of the text, nothing is known of the lines after it.
  const last = Number(/line (\d+) failed/.exec(row.rc === 0 ? "" : row.stderr)?.[1] ?? Infinity);
  const counted = tooMany ? got.slice(0, MOST_REJECTED) : got.filter(line => line < last);
  if (counted.join() !== expected.join()) {
    const odd = row.rejected.find(({ line }) => !lines.has(line));
    const extra = counted.find(line => !expected.includes(line));
    return {
      expected: `refused lines ${brief(expected)}${odd ? `; line ${odd.line} ${odd.text}: ${odd.err}` : ""}`,
      got: `refused lines ${brief(counted)}${extra === undefined ? "" : `; line ${extra}: ${lines.get(extra)}`}`,
    };
  }
  if (tooMany) return undefined;
  if (lines.has(last)) return undefined;
  if (row.rc !== 0) return reading.faults.length ? undefined : { expected: `refused: ${row.stderr}`, got: "accepted" };
  if (!reading.ruleset)
    return { expected: "accepted", got: `refused: ${reading.faults.map(({ line, message }) => `line ${line}: ${message}`).join("; ")}` };
  return textDifference(row.save, printSave(reading.ruleset));
}

const brief = (lines: readonly number[]): string =>
  lines.length > 12 ? `${lines.slice(0, 12).join()}… (${lines.length})` : lines.join() || "none";

/** The first line that differs, table by table; a table with neither rules nor user chains nor a DROP policy is as good as absent. */
export function textDifference(expected: string, got: string): { expected: string; got: string } | undefined {
  const want = tablesOf(expected);
  const have = tablesOf(got);
  for (const table of new Set([...want.keys(), ...have.keys()])) {
    const a = want.get(table) ?? [];
    const b = have.get(table) ?? [];
    if (isEmpty(a) && isEmpty(b)) continue;
    for (let i = 0; i < Math.max(a.length, b.length); i++)
      if (a[i] !== b[i]) return { expected: `*${table} ${a[i] ?? "(nothing)"}`, got: `*${table} ${b[i] ?? "(nothing)"}` };
  }
  return undefined;
}

const isEmpty = (lines: readonly string[]): boolean => lines.every(line => /^:\S+ ACCEPT /.test(line));

function tablesOf(text: string): Map<string, string[]> {
  const tables = new Map<string, string[]>();
  let lines: string[] = [];
  for (const line of text.split("\n")) {
    if (line.startsWith("*")) tables.set(line.slice(1), (lines = []));
    else if (line !== "" && line !== "COMMIT" && !line.startsWith("#")) lines.push(line);
  }
  return tables;
}
