/** Sequences through the real tools and through ours, compared word for word. */
import type { Family } from "../../src/predicate/index.ts";
import { defaultNames, emptyState, extensionHelp, runTool } from "../../src/syntax/index.ts";
import type { NameTables } from "../../src/xtables/index.ts";
import { phrases } from "./dictionary.ts";
import { Generator } from "./generate.ts";
import { askReal } from "./real.ts";
import { typed, type Answer, type Sequence } from "./step.ts";

/** A step that the two answer differently. */
export interface Difference {
  readonly sequence: Sequence;
  readonly step: number;
  readonly real: Answer;
  readonly ours: Answer;
}

/** What a campaign came to. */
export interface Outcome {
  readonly commands: number;
  readonly sequences: number;
  /** Commands that the kernel here cannot carry out for want of a module; their sequences end there. */
  readonly beyond: number;
  /** How many commands with each match and target both accepted. */
  readonly accepted: ReadonlyMap<string, number>;
  readonly differences: readonly Difference[];
}

const LENGTH = 24;
/** Nobody has made accounts or control groups in a fresh namespace. */
const NAMES: NameTables = { ...defaultNames, account: () => false };

/** Runs sequences until so many commands were compared. */
export function campaign(seed: number, commands: number, tell: (difference: Difference) => void = () => undefined): Outcome {
  const all = phrases();
  const differences: Difference[] = [];
  let compared = 0;
  let beyond = 0;
  let sequences = 0;
  const accepted = new Map<string, number>();
  while (compared < commands) {
    const sequence = new Generator(seed + sequences++, all).sequence(LENGTH);
    const { same, missing, difference } = compare(sequence, name => accepted.set(name, (accepted.get(name) ?? 0) + 1));
    compared += same;
    if (missing) beyond++;
    if (difference) {
      differences.push(difference);
      tell(difference);
    }
  }
  return { commands: compared, sequences, beyond, accepted, differences };
}

/** One sequence up to the first difference. */
export function compare(
  sequence: Sequence,
  took: (extension: string) => void = () => undefined,
): {
  readonly same: number;
  readonly missing: boolean;
  readonly difference: Difference | undefined;
} {
  const answers = askReal(sequence);
  let state = emptyState();
  for (const [step, { name, argv, stdin }] of sequence.steps.entries()) {
    const real = answers[step] as Answer;
    // `! -i +` is listed and not saved by iptables-legacy.
    if (sequence.variant === "legacy" && argv.some((word, i) => word === "+" && argv[i - 2] === "!"))
      return { same: step, missing: true, difference: undefined };
    // Said twice, -v dumps the table as the kernel's own structures: those we have not.
    if (argv.filter(word => /^-[nxwZ46]*v|^--verb/.test(word)).length > 1) return { same: step, missing: true, difference: undefined };
    const done = runTool(name, argv, stdin, state, { names: NAMES });
    ({ state } = done);
    const [left, right] = [comparable(real, sequence), comparable(done, sequence)];
    // 139: the real tool crashed.
    if (left !== right && (real.status === 139 || MISSING.test(real.stderr))) return { same: step, missing: true, difference: undefined };
    if (left !== right) return { same: step, missing: false, difference: { sequence, step, real, ours: done } };
    if (done.status === 0 && /^ip6?tables-(nft|legacy)$/.test(name))
      for (const extension of extensionsIn(argv, sequence.family)) took(extension);
    // The real tools keep the tables before a faulty one; ours keep none.
    if (done.status !== 0 && name.endsWith("restore") && stdin.split("\nCOMMIT\n").length > 2)
      return { same: step + 1, missing: false, difference: undefined };
  }
  return { same: sequence.steps.length, missing: false, difference: undefined };
}

/** The matches and targets that a command names, and the match that its protocol stands for. */
function extensionsIn(argv: readonly string[], family: Family): Set<string> {
  const named = argv.flatMap((word, i) => {
    const value = argv[i + 1] ?? "";
    if (word === "-m" || word === "--match") return [`-m ${value === "icmpv6" ? "icmp6" : value} ${family}`];
    if (word === "-j" || word === "--jump") return [`-j ${value} ${family}`];
    if (word === "-p" || word === "--protocol") return [`-m ${value === "icmpv6" || value === "ipv6-icmp" ? "icmp6" : value} ${family}`];
    return [];
  });
  return new Set(named);
}

/** The extensions that no accepted command named, as `-m NAME FAMILY`. */
export function untouched({ accepted }: Outcome): readonly string[] {
  return extensionHelp()
    .flatMap(({ kind, name, families }) => families.map(family => `${kind === "match" ? "-m" : "-j"} ${name} ${family}`))
    .filter(name => !accepted.has(name));
}

const MISSING = /missing kernel module|RULE_APPEND failed \(No such file or directory\): rule|No such file or directory\): rule/;

/** An answer without dates and prose of its own. */
export function comparable({ stdout, stderr, status }: Answer, { variant }: Pick<Sequence, "variant">): string {
  let text = undated(stdout);
  if (/^ip6?tables\S* v1\.8\.9 \(\w+\)\n\nUsage:/.test(text)) text = text.split("\n")[0] ?? "";
  if (variant === "legacy" && /^# Generated by/m.test(text)) text = settled(text);
  return `${status}\n${text}\n--\n${settledError(stderr)}`;
}

const undated = (text: string): string => text.replaceAll(/^(# (?:Generated by .*?|Completed))(?: on .*)$/gm, "$1");

/** An answer that is the same tomorrow. */
export const withoutDate = (answer: Answer): Answer => ({ ...answer, stdout: undated(answer.stdout) });

/** What depends on the machine: no network to ask for names, files that are not there, an error number left over from elsewhere. */
const settledError = (stderr: string): string =>
  stderr
    .replaceAll("Temporary failure in name resolution", "Name or service not known")
    .replaceAll(/^Warning: cannot open \/etc\/xtables\/.*\n/gm, "")
    .replace(/^(ip6?tables: )Incompatible with this kernel\.$/m, "$1Bad rule (does a matching rule exist in that chain?).");

/** Legacy saves its tables in the order in which they were first used, empty ones too: here in one order and without those. */
function settled(text: string): string {
  return text
    .split(/^(?=# Generated by)/m)
    .filter(block => !/^# Generated by[^\n]*\n\*\w+\n(?::\w+ ACCEPT \[0:0\]\n)*COMMIT\n# Completed\n?$/.test(block))
    .toSorted()
    .join("");
}

/** A difference as a person reads it: the commands up to it, and the two answers. */
export function describe({ sequence, step, real, ours }: Difference, whole = false): string {
  const steps = whole ? sequence.steps.slice(0, step + 1) : sequence.steps.slice(step, step + 1);
  const side = (title: string, { stdout, stderr, status }: Answer): string => `${title} (${status})\n${stdout}${stderr}`;
  return `seed ${sequence.seed} step ${step}\n${steps.map(typed).join("\n")}\n${side("real", real)}${side("ours", ours)}`;
}
