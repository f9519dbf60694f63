import type { Sets } from "../../ruleset/index.ts";
import type { HostLookup } from "./draft.ts";
import { restoreLines, restoreWords } from "./restore-words.ts";
import { Exit } from "./exit.ts";
import { Session } from "./session.ts";

/** What ipset reads and finds out beside its arguments; nothing, unless someone says how. */
export interface IpsetSurroundings {
  /** Text of the file that `-file` names, undefined where it cannot be read. */
  readonly read?: (path: string) => string | undefined;
  readonly hosts?: HostLookup;
}

/** What a run of ipset leaves: the sets it changed in place, what it printed, and its exit status. */
export interface IpsetOutcome {
  readonly sets: Sets;
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
  /** A file that `-file` wants written instead of standard output. */
  readonly written?: { readonly path: string; readonly text: string };
}

/** What /etc/hosts of every machine says. */
const LOCALHOST: HostLookup = (name, family) => (name === "localhost" && family === 4 ? 0x7f000001 : undefined);

/**
 * Runs ipset 7.17 on sets, which change in place: arguments without the program's name, standard input, and the time in µs since the epoch.
 * Never throws for what people write. Names of hosts other than localhost are not looked up unless `hosts` is given.
 */
export function runIpset(
  sets: Sets,
  argv: readonly string[],
  stdin: string,
  now: number,
  { read, hosts = LOCALHOST }: IpsetSurroundings = {},
): IpsetOutcome {
  sets.expire(now);
  const session = new Session(sets, now, hosts);
  const status = exitStatus(() => {
    if (session.run(argv)) restore(session, session.file === undefined ? stdin : fileText(session, read));
  });
  if (session.interactive) converse(session, stdin);
  const { stdout, stderr, file } = session;
  const lists = file !== undefined && stdout !== "";
  return { sets, stdout: lists ? "" : stdout, stderr, status, ...(lists && { written: { path: file, text: stdout } }) };
}

function exitStatus(act: () => void): number {
  try {
    act();
    return 0;
  } catch (end) {
    if (end instanceof Exit) return end.status;
    throw end;
  }
}

function fileText(session: Session, read: IpsetSurroundings["read"]): string {
  const path = session.file ?? "";
  const text = read?.(path);
  if (text !== undefined) return text;
  session.report.error(`Cannot open ${path} for reading: No such file or directory`);
  return session.finish();
}

/** Runs the lines of restored text. libipset: ipset.c, ipset_parse_stream. */
export function restore(session: Session, text: string): void {
  let number = 0;
  for (const line of restoreLines(text)) {
    session.report.line = ++number;
    const start = line.search(/[^ \t-\r]/);
    if (start < 0 || line[start] === "#") continue;
    const rest = line.slice(start);
    if (rest === "COMMIT\n" || rest === "COMMIT\r\n") {
      session.commit();
      continue;
    }
    const words = restoreWords(rest);
    if (typeof words === "string") session.misuse(words);
    session.run(words);
  }
  session.commit();
}

/** `ipset -`: prompts, and commands from standard input whose faults end nothing. */
function converse(session: Session, stdin: string): void {
  const prompt = "ipset> ";
  session.stdout += prompt;
  for (const line of restoreLines(stdin)) {
    const start = line.search(/[^ \t-\r]/);
    if (start < 0 || line[start] === "#") session.stdout += prompt;
    else {
      const words = restoreWords(line.slice(start));
      let quit = false;
      exitStatus(() => {
        if (typeof words === "string") session.misuse(words);
        quit = words[0] === "quit" || words[0] === "q";
        if (!quit) session.run(words);
      });
      if (quit) return;
    }
    session.stdout += prompt;
  }
}
