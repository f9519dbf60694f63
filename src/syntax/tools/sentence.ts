import { REFUSALS } from "../../ruleset/index.ts";
import type { Tool } from "./tool.ts";
import { versionOf } from "./tool-name.ts";

/** What went wrong, as a tool has to say it. */
export interface Complaint {
  readonly status: number;
  readonly message: string;
  /** The line of restore input, where there is one. */
  readonly line?: number | undefined;
}

/** Sentences of libiptc and of the kernel's nf_tables, said after the program's name alone. */
const KERNEL: ReadonlySet<string> = new Set<string>([
  ...Object.values(REFUSALS),
  "Too many levels of symbolic links.",
  "File exists.",
  "Numerical result out of range.",
  "Incompatible with this kernel.",
]);

/** Is it a sentence of the kernel's, said after the program's name alone? */
export const isKernelSentence = ({ status, message }: Complaint): boolean => status === 1 && KERNEL.has(message);

/** Sentences that end in a line feed of their own, so that an empty line follows. */
const SPACED: readonly RegExp[] = [
  /^Couldn't load (match|target) `/,
  /^Can't use -[io] with /,
  /^--wait-interval only makes sense/,
  /^The -t option cannot be used in /,
  /^[\w-]+: option "--[^"]*" (must be specified|cannot be inverted|can only be used once|cannot be used together|also requires)/,
  /^[\w-]+: bad (integer )?value for option "--/,
  /^[\w-]+: Too many components for option "--/,
  /^[\w-]+: Argument to "--/,
  /^[\w-]+: one of .* must be specified$/,
  /^Port "/,
  /^[\w-]+: trailing garbage after value/,
  /^Argument must have a minimum length/,
  /^[\w-]+: could not map name /,
  /^getaddrinfo: /,
  /^log level "/,
  /^Set .* doesn't exist\.$/,
];

/** The text on standard error for a complaint. libxtables: basic_exit_err; iptables: nft.c, nft_strerror. */
export function sentenceOf(tool: Tool, complaint: Complaint): string {
  const { status, message, line } = complaint;
  const { program } = tool;
  const at = line === undefined ? "" : `Error occurred at line: ${line}\n`;
  const help = `${at}Try \`${program} -h' or '${program} --help' for more information.\n`;
  if (isKernelSentence(complaint)) return `${program}: ${message}\n`;
  if (message === "") return help;
  if (message.startsWith("Bad argument `")) return `${message}\n${help}`;
  const own = message.startsWith('The "nat" table is not intended')
    ? `\n${message}\n\n`
    : SPACED.some(pattern => pattern.test(message))
      ? `${message}\n`
      : message;
  return `${versionOf(tool)}: ${own}\n${status === 2 ? help : ""}`;
}
