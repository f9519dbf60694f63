import { randomUUID } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { link, open, rename, unlink, type FileHandle } from "node:fs/promises";
import { Refusal } from "./refusal.ts";
import { refusalOf, type Folder } from "./root.ts";

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
/** A new file's mode, before the umask. */
const MODE = 0o666;

/**
 * Writes a file in a folder so that others see the old content or the new and nothing between, even after a power cut: a file beside it is
 * written and synced, then takes its name. `old` is what has the name now; without it the name must be free. Throws a Refusal.
 */
export async function replaceFile(folder: Folder, name: string, bytes: Uint8Array, old: Stats | undefined): Promise<void> {
  const beside = folder.at(`.${randomUUID()}.saving`);
  let made = false;
  try {
    const handle = await open(beside, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, old ? 0o600 : MODE);
    made = true;
    try {
      await handle.writeFile(bytes);
      if (old) await likeBefore(handle, old);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (old) {
      await rename(beside, folder.at(name));
      made = false;
    } else {
      await claim(beside, folder.at(name));
    }
    await folder.handle.sync();
  } catch (fault) {
    throw refusalOf(fault);
  } finally {
    if (made) await unlink(beside).catch(() => undefined);
  }
}

/** Gives a file its name unless somebody was faster. */
async function claim(beside: string, path: string): Promise<void> {
  try {
    await link(beside, path);
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== "EEXIST") throw fault;
    throw new Refusal("conflict", "somebody made this file meanwhile", null);
  }
}

/** Mode and owner as they were; only root may give a file away. */
async function likeBefore(handle: FileHandle, { mode, uid, gid }: Stats): Promise<void> {
  await handle.chown(uid, gid).catch(() => undefined);
  await handle.chmod(mode & 0o777);
}
