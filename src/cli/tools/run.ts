import { readFileSync, writeFileSync } from "node:fs";
import { runTool, toolOf, type Tool, type ToolResult, type ToolState } from "../../syntax/index.ts";
import { InputFault, usageFault } from "../input-fault.ts";
import { reasonOf } from "../reason.ts";
import type { ToolCall } from "./call.ts";
import { acquireLock } from "./lock.ts";
import { readOwnOptions, type OwnOptions } from "./own-options.ts";
import { lockFault, lockOf, readStore, writeStore } from "./store.ts";
import { patienceOf } from "./patience.ts";

/** Carries out a tool's command on the store; answers the exit status, after everything is written. */
export async function runToolCall({ name, argv }: ToolCall): Promise<number> {
  try {
    const own = readOwnOptions(argv, process.env);
    if (typeof own === "string") throw usageFault(name, own);
    const tool = toolOf(name, own.variant);
    if (!tool) throw usageFault(name, "no such tool");
    return await runLocked(tool, own);
  } catch (fault) {
    if (!(fault instanceof InputFault)) throw fault;
    const { printFault } = await import("../fault.ts");
    printFault(fault);
    return 2;
  }
}

async function runLocked(tool: Tool, own: OwnOptions): Promise<number> {
  // These read only, and a store is always whole.
  if (tool.kind === "save" || tool.kind === "xml") return run(tool, own);
  const stdin = needsInput(tool, own.argv) ? readInput() : "";
  const patience = patienceOf(tool, own.argv);
  let lock;
  try {
    lock = await acquireLock(lockOf(own.store), patience * 1000);
  } catch (fault) {
    throw lockFault(own.store, reasonOf(fault));
  }
  if (!lock) {
    const advice = patience === 0 ? "Perhaps you want to use the -w option?" : `Stopped waiting after ${patience}s.`;
    process.stderr.write(`Another app is currently holding the xtables lock. ${advice}\n`);
    return 4;
  }
  try {
    return run(tool, own, stdin);
  } finally {
    lock.release();
  }
}

function run(tool: Tool, { store, argv, variant }: OwnOptions, input?: string): number {
  const now = Date.now();
  const stored = readStore(store, tool.variant, now * 1000);
  const stdin = input ?? (needsInput(tool, argv) ? readInput() : "");
  const done = runTool(tool.called, argv, stdin, stored.state, {
    variant,
    date: ctime(new Date(now)),
    now: now * 1000,
    read: readNamed,
  });
  if (done.status === 0) writeStore(store, stored, done.state, now * 1000);
  return said(done);
}

/** Prints what a command said, and writes the file it asked for. */
function said({ stdout, stderr, status, write }: ToolResult<ToolState>): number {
  if (stdout !== "") process.stdout.write(stdout);
  if (stderr !== "") process.stderr.write(stderr);
  if (!write) return status;
  try {
    writeFileSync(write.path, write.text);
    return status;
  } catch (fault) {
    process.stderr.write(`Failed to open file, error: ${systemText(fault)}\n`);
    return 1;
  }
}

/** Restores read standard input where no file is named; so does ipset where it has no command. */
function needsInput({ kind }: Tool, argv: readonly string[]): boolean {
  if (kind === "xml" || kind === "restore") return !argv.some((word, i) => !word.startsWith("-") && !/^-[TMwW]$/.test(argv[i - 1] ?? ""));
  if (kind !== "sets") return false;
  return argv.some(word => /^(restore|-R|--restore|-|--interactive)$/.test(word));
}

function readInput(): string {
  try {
    return readFileSync(0, "utf8");
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === "EAGAIN" || (fault as NodeJS.ErrnoException).code === "EOF") return "";
    throw usageFault("<stdin>", `cannot be read: ${reasonOf(fault)}`);
  }
}

function readNamed(path: string): { readonly text: string } | { readonly reason: string } {
  try {
    return { text: readFileSync(path, "utf8") };
  } catch (fault) {
    return { reason: systemText(fault) };
  }
}

/** The C library's text for a fault of the file system. */
function systemText(fault: unknown): string {
  const { code, message } = fault as NodeJS.ErrnoException;
  const known: Readonly<Record<string, string>> = {
    ENOENT: "No such file or directory",
    EACCES: "Permission denied",
    EISDIR: "Is a directory",
    ENOTDIR: "Not a directory",
  };
  return known[code ?? ""] ?? message;
}

/** `Sat Nov 21 12:12:55 2026`, as ctime writes the local time. */
function ctime(date: Date): string {
  const [day = "", month = "", number = "", year = ""] = date.toDateString().split(" ");
  return `${day} ${month} ${String(Number(number)).padStart(2)} ${date.toTimeString().slice(0, 8)} ${year}`;
}
