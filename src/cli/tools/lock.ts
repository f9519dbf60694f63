import { linkSync, readFileSync, readlinkSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** A lock that is held; `release` gives it back. */
export interface Lock {
  release(): void;
}

/** How long a takeover of a dead owner's lock may last, in ms, before it is itself taken for dead. */
const TAKEOVER_MS = 10_000;
const PAUSE_MS = 10;

let made = 0;

/**
 * Takes the lock file, waiting at most so many ms for another process to give it back; undefined when it did not. A lock whose owner is no
 * more (by process id and start time) is taken over. Throws what the file system says.
 */
export async function acquireLock(path: string, patience: number): Promise<Lock | undefined> {
  const mine = `${path}.${process.pid}.${made++}`;
  const name = `${ownerNow()}\n`;
  const until = performance.now() + patience;
  writeFileSync(mine, name, { flag: "wx", mode: 0o600 });
  try {
    for (;;) {
      if (link(mine, path)) return { release: () => unlinkSync(path) };
      const owner = read(path);
      if (owner !== undefined && isGone(owner)) removeStale(path, owner, mine);
      else if (owner !== undefined) {
        if (performance.now() >= until) return undefined;
        await sleep(PAUSE_MS + Math.random() * PAUSE_MS);
      }
    }
  } finally {
    unlinkSync(mine);
  }
}

/** Only who holds the takeover may remove a dead owner's lock, so that nobody removes a live one that came after it. */
function removeStale(path: string, owner: string, mine: string): void {
  const takeover = `${path}.takeover`;
  if (!link(mine, takeover)) {
    const since = age(takeover);
    if (since !== undefined && since > TAKEOVER_MS) quietly(() => unlinkSync(takeover));
    return;
  }
  try {
    if (read(path) === owner) quietly(() => unlinkSync(path));
  } finally {
    quietly(() => unlinkSync(takeover));
  }
}

/** A hard link comes into being with its content, or not at all. */
function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw fault;
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw fault;
  }
}

function age(path: string): number | undefined {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return undefined;
  }
}

function quietly(act: () => void): void {
  try {
    act();
  } catch {
    // Someone else was there before.
  }
}

/** `PID START NAMESPACE`: process ids come again, start times do not; in another namespace they mean nothing to us. */
function ownerNow(): string {
  return `${process.pid} ${startOf(process.pid)} ${namespaceOf()}`;
}

function isGone(owner: string): boolean {
  const [pid = "", start, namespace] = owner.trim().split(" ");
  if (namespace !== namespaceOf() || !/^\d+$/.test(pid)) return false;
  try {
    process.kill(Number(pid), 0);
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === "ESRCH") return true;
  }
  return startOf(Number(pid)) !== start;
}

/** The 22nd field of /proc/PID/stat; the second may hold blanks and parentheses. Without /proc every start is the same. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "0";
  } catch {
    return "0";
  }
}

function namespaceOf(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return "-";
  }
}
