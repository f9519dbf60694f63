/** What runs a script. */
export interface Interpreter {
  /** The words before the script's path. */
  readonly words: readonly string[];
  /** What it can tell of where it stands: bash all of it; other shells nothing, but bash may run the same script to find out; the rest nothing. */
  readonly lines: "told" | "found" | "unknown";
}

const SHELLS = ["sh", "dash", "ash", "ksh", "mksh", "zsh"];

/**
 * Who runs a text, as the kernel would choose: its `#!` line, or /bin/sh where it has none. A sentence when it cannot run.
 * Kernel: binfmt_script.c, load_script.
 */
export function interpreterOf(text: string): Interpreter | string {
  if (text.slice(0, 4096).includes("\0")) return "this is no text: a firewall script or rules were expected";
  if (!text.startsWith("#!")) return { words: ["/bin/sh"], lines: "found" };
  const end = text.indexOf("\n");
  const line = text.slice(2, end < 0 ? undefined : end);
  if (line.endsWith("\r"))
    return `its lines end in CR LF: Linux finds no interpreter \`${line.trim()}^M' and cannot run it (dos2unix or sed -i 's/\\r$//' mends that)`;
  const [program = "", ...rest] = line.trim().split(/[ \t]+/);
  if (program === "") return "its first line names no interpreter";
  // The kernel hands over the rest of the line as one word.
  const argument = rest.join(" ");
  const words = argument === "" ? [program] : [program, argument];
  const name = nameOf(program) === "env" ? envProgram(rest) : nameOf(program);
  // In these modes bash reads no file before the script.
  const silent = rest.some(word => /^(?:--posix|posix|-[a-z]*p[a-z]*)$/.test(word));
  return { words, lines: name === "bash" && !silent ? "told" : [...SHELLS, "bash"].includes(name) ? "found" : "unknown" };
}

const nameOf = (program: string): string => program.slice(program.lastIndexOf("/") + 1);

/** The program that env starts: behind its options and settings. */
const envProgram = (words: readonly string[]): string => nameOf(words.find(word => !word.startsWith("-") && !word.includes("=")) ?? "");

/** The words with which bash runs a script for another shell, to find its lines. */
export const asBash = ({ words }: Interpreter): readonly string[] => ["bash", ...words.slice(1).filter(word => /^-[a-z]+$/.test(word))];
