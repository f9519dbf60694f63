import { constants } from "node:fs";
import { lstat, open, unlink } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { Refusal } from "./refusal.ts";
import { refusalOf, type Folder } from "./root.ts";
import { hashOf } from "./token.ts";

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
/** ms that another server's save is waited for, and between two looks. */
const PATIENCE = 2000;
const LOOK = 25;
/** ms after which a lock is nobody's any more: its server died while it saved. */
const FORGOTTEN = 60_000;

/** Does something to a file of a folder while no other server of the same folder saves it: a hidden file stands for the right to. Throws a Refusal. */
export async function locked<T>(folder: Folder, name: string, act: () => Promise<T>): Promise<T> {
  const lock = folder.at(`.${hashOf(name).slice(0, 16)}.lock`);
  const end = performance.now() + PATIENCE;
  while (!(await take(lock))) {
    if (performance.now() > end) throw new Refusal("busy", "somebody else is saving this file; try again in a minute");
    await pause(LOOK);
  }
  try {
    return await act();
  } finally {
    await unlink(lock).catch(() => undefined);
  }
}

async function take(lock: string): Promise<boolean> {
  try {
    const handle = await open(lock, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o600);
    await handle.close();
    return true;
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== "EEXIST") throw refusalOf(fault);
    const there = await lstat(lock).catch(() => undefined);
    if (there && Date.now() - there.mtimeMs > FORGOTTEN) await unlink(lock).catch(() => undefined);
    return false;
  }
}
