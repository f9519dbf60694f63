/** iptables 1.8.9 in a namespace of its own: one shell runs many commands. */
import { spawnSync } from "node:child_process";
import type { Family } from "../../src/predicate/index.ts";

/** One rule to append. */
export interface Question {
  readonly family: Family;
  readonly variant: "legacy" | "nft";
  readonly table: string;
  readonly chain: string;
  readonly words: readonly string[];
}

/** What became of it: the exit status, the last line of the error, the rule as -S prints it. */
export interface Answer {
  readonly status: number;
  readonly error: string;
  readonly saved: string;
}

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
const tool = ({ family, variant }: Pick<Question, "family" | "variant">): string => `${family === 4 ? "iptables" : "ip6tables"}-${variant}`;

/** Answers in order; none at all where a namespace or the tool is missing. */
export function askTool(questions: readonly Question[]): Answer[] {
  const script = questions.map(question => {
    const { table, chain, words } = question;
    const command = `${tool(question)} -t ${table}`;
    return `${command} -A ${chain} ${words.map(quoted).join(" ")} 2>&1; printf '\\001%s\\001' $?; ${command} -S ${chain}; ${command} -F ${chain}; printf '\\002'`;
  });
  const own = process.getuid?.() === 0 ? ["-n"] : ["-Ur", "-n"];
  const { status, stdout } = spawnSync("unshare", [...own, "sh"], {
    input: `${own.length > 1 ? "export XTABLES_LOCKFILE=/dev/null\n" : ""}${script.join("\n")}\n`,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 0) return [];
  return stdout.split("\u0002", questions.length).map((text, at) => answerOf(text, questions[at]?.chain ?? ""));
}

function answerOf(text: string, chain: string): Answer {
  const [said = "", status = "", listed = ""] = text.split("\u0001");
  const sentences = said.split("\n").filter(line => line !== "" && !line.startsWith("Try `"));
  const rules = listed.split("\n").filter(line => line.startsWith(`-A ${chain}`));
  return {
    status: Number(status),
    error: (sentences.at(-1) ?? "").replace(/^ip6?tables(?: v1\.8\.9 \(\w+\))?: /, ""),
    saved: status === "0" ? (rules.at(-1) ?? "") : "",
  };
}

/** Why the tool cannot be asked here; undefined when it can. */
export function whyNoTool(): string | undefined {
  const { stdout } = spawnSync("iptables-legacy", ["-V"], { encoding: "utf8" });
  if (!stdout?.includes("v1.8.9")) return "no iptables 1.8.9";
  const [answer] = askTool([{ family: 4, variant: "legacy", table: "filter", chain: "INPUT", words: ["-j", "ACCEPT"] }]);
  return answer?.status === 0 ? undefined : "no namespace of our own to run iptables in";
}
