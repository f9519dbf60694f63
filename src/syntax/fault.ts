import { UsageError, type Span, type Status } from "../xtables/index.ts";

/** One thing that is wrong with a text, or worth telling, and where. Lines and columns count from 1, `endColumn` is exclusive; line 0 means the text as a whole. */
export interface Fault {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
  readonly message: string;
  /** What the user may have meant. */
  readonly guess?: string | undefined;
  /** The exit status that iptables gives for it: 2 bad usage, 1 refused by the table, 3 and 4 refused by the kernel. */
  readonly status: Status;
  /** The extension that iptables knows and Ferrule does not model, when that is the reason. */
  readonly unsupported?: string | undefined;
}

/** A match or target that iptables 1.8.9 has and that is not modelled here. */
export class UnsupportedExtension extends UsageError {
  readonly extension: string;
  constructor(kind: "match" | "target", extension: string, span: Span) {
    super(`${kind} \`${extension}' is not modelled yet`, { span });
    this.name = "UnsupportedExtension";
    this.extension = extension;
  }
}

/** A UsageError at a place: its own span when it has one, otherwise the given columns of the line. Anything else is a bug and thrown on. */
export function faultOf(thrown: unknown, file: string, line: number, column: number, endColumn: number): Fault {
  if (!(thrown instanceof UsageError)) throw thrown;
  const { message, span, guess, status } = thrown;
  const unsupported = thrown instanceof UnsupportedExtension ? thrown.extension : undefined;
  return { file, line, column: span?.column ?? column, endColumn: span?.endColumn ?? endColumn, message, guess, status, unsupported };
}
