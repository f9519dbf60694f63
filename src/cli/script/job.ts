import type { Variant } from "../../syntax/index.ts";
import type { Limits } from "./limits.ts";
import type { Reply, Request } from "./queue.ts";
import { OWN } from "./stage.ts";

/** A command that is to run in a sandbox. */
export interface Job {
  /** The folder that it may read and starts in; without it there is none but the system's. */
  readonly folder: string | undefined;
  readonly command: readonly string[];
  /** Beside the few that every script gets. */
  readonly env: Readonly<Record<string, string>>;
  /** What the command finds under SCRIPT_PLACE, and under `file` too where that is given: a path in a folder that is not shown. */
  readonly text: Uint8Array | undefined;
  readonly file: string | undefined;
  /** Lines for `ip -batch` that furnish its network; empty for none but lo. */
  readonly network: string;
  /** Libraries of shell functions that it is to find although the machine has none. */
  readonly libraries: readonly string[];
  readonly limits: Limits;
  /** Leave the machine's own programs in place, its iptables being this variant: for comparing. */
  readonly real?: Variant | undefined;
}

/** Where a script that came without a file lies. */
export const SCRIPT_PLACE: string = `${OWN}/o/script`;

/** Who answers the tools, and hears what is printed. Requests come one at a time. */
export interface Outside {
  answer(request: Request): Reply | Promise<Reply>;
  said(bytes: Uint8Array): void;
}

/** How a command ended. */
export interface Ended {
  readonly status: number;
  /** What was to be told of the sandbox's network, by its name: settings before and after, what `ip -j` says. */
  readonly parts: ReadonlyMap<string, string>;
}

/** The sandbox could not be made. */
export class NoSandbox extends Error {}

/** The command used up more than it may, and was stopped. */
export class Stopped extends Error {}
