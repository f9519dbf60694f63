import type { ServedDocument } from "../../report/serve/index.ts";

/** A firewall that the command line names, to be read as often as its files change. */
export interface Opening {
  readonly id: string;
  /** As people call it. */
  readonly name: string;
  /** The files that it is made of: when one of them changes, so does it. */
  readonly files: readonly string[];
  /** It shows the running rules. */
  readonly kernel: boolean;
  /** Throws an InputFault. */
  read(): Promise<ServedDocument>;
}
