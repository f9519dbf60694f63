/** How bad what ipset has to say is. A notice ends with status 1, a warning with 0. */
export type Severity = "none" | "warning" | "notice" | "error";

/** What ipset has to say about a command, gathered until it is said. libipset: session.c, ipset_session_report. */
export class Report {
  severity: Severity = "none";
  text = "";
  /** Line of the restored text, 0 outside of one. */
  line = 0;
  /** Did an error throw away what was read of the command? libipset then goes on without it. */
  emptied = false;

  /** Adds a sentence. An error drives out doubts and, in restored text, whatever was said before. */
  say(severity: Severity, sentence: string): void {
    if (severity === "error") {
      if (this.line !== 0) this.text = `Error in line ${this.line}: `;
      else if (this.severity === "warning") this.text = "";
      this.emptied = true;
    }
    this.severity = severity;
    this.text += `${sentence}\n`;
  }

  error(sentence: string): Failed {
    this.say("error", sentence);
    return FAILED;
  }

  syntax(sentence: string): Failed {
    return this.error(`Syntax error: ${sentence}`);
  }

  /** A fault that may turn out to be none. */
  doubt(sentence: string): void {
    this.say("warning", sentence);
  }

  /** The doubts were faults. */
  confirm(): Failed {
    this.severity = "error";
    return FAILED;
  }

  reset(): void {
    this.severity = "none";
    this.text = "";
  }
}

/** What a reader returns when it has said why it could not read. */
export type Failed = typeof FAILED;
export const FAILED: unique symbol = Symbol("failed");
