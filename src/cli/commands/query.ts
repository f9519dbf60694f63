import type { Command } from "commander";
import { ask, isQuestionFault, readQuestion, type Question } from "../../analysis/query/index.ts";
import { jsonText, queryInWords, queryJson, queryLines, wordsFor } from "../../report/index.ts";
import { InputFault } from "../fault.ts";
import { hostNames, hostOptions, loadHost, loadRules, rulesOptions, type HostOptions, type RulesFlags } from "../input.ts";
import { putLines } from "../paint.ts";
import type { Exit } from "../exit.ts";

interface QueryFlags extends RulesFlags, HostOptions {
  readonly json?: boolean;
}

/** Parts for programs. */
const MANY = { can: 100, cannot: 100 };

/** Exit statuses of `query`. */
const STATUS = { yes: 0, no: 1, depends: 3 } as const;

/** `ferrule query`: can they? */
export function addQuery(ferrule: Command, exit: Exit): void {
  hostOptions(
    rulesOptions(
      ferrule
        .command("query <rules> <question...>")
        .description("can they? a question about sessions or packets, answered for all of them at once"),
    ),
  )
    .option("--json", "everything as JSON (docs/json.md)")
    .addHelpText("after", HELP)
    .action(async (path: string, words: string[], flags: QueryFlags) => {
      const text = words.join(" ");
      const question = readQuestion(text);
      if (isQuestionFault(question)) throw questionFault(question, text);
      const { v4, v6, sets, made } = await loadRules(path, flags);
      const host = await loadHost(flags, made);
      const names = await hostNames(flags.resolve);
      const answered = (): ReturnType<typeof ask> =>
        ask(question satisfies Question, { v4, v6, sets, host, resolve: names.resolve, ...(flags.json && { limits: MANY }) });
      let answer = answered();
      if (await names.learn()) answer = answered();
      if (isQuestionFault(answer)) throw questionFault(answer, text);
      exit.status = STATUS[answer.verdict];
      if (flags.json) process.stdout.write(`${jsonText(queryJson(answer))}\n`);
      else putLines(queryLines(queryInWords(answer, wordsFor([v4, v6]))));
    });
}

const questionFault = (
  {
    message,
    start,
    end,
    guess,
  }: { readonly message: string; readonly start: number; readonly end: number; readonly guess?: string | undefined },
  text: string,
): InputFault => new InputFault([{ file: "question", line: 1, column: start + 1, endColumn: end + 1, message, guess }], text);

const HELP = `
QUESTION is \`from SET [port PORTS] to SET [PROTOCOL [PORTS]]\`, quoted for the shell, and then in any order \`in INTERFACES\`, \`out INTERFACES\`,
\`before nat\` or \`after nat\`. It asks whether all those sessions are usable: opener, answer and the rest. With \`packets\` before it, or with \`state STATES\`
or TCP flags such as \`syn+ack\`, it asks whether all those packets are accepted.
SET is a comma list of addresses, prefixes, ranges a-b, any, self, @IPSET, net(INTERFACE) and host names, turned over by \`!\` before it.
PROTOCOL is a name or number, tcp,udp for several, ping, \`icmp TYPE\`, or any; PORTS are numbers, ranges and names of services.

The exit status is 0 for yes, 1 for no, and 3 where it depends: on who asks, or on conditions such as limits.

Examples:
  ferrule query rules.v4 'from 10.0.0.0/8 to self tcp 22'
  ferrule query gateway.rules --host host.json 'from net(lan0) to any tcp 80,443 out wan0'
  ferrule query rules.v4 'packets from any to self tcp ack in eth0 state INVALID'
  ferrule query rules.v4 --v6 rules.v6 'from ! @admins to self tcp ssh' --ipset sets`;
