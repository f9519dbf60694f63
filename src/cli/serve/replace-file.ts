import { randomUUID } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { access, link, lstat, open, rename, unlink, type FileHandle } from "node:fs/promises";
import { refusalOf, type Folder } from "./root.ts";

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY, W_OK } = constants;
/** A new file's mode, before the umask. */
const MODE = 0o666;

/**
 * Writes a file in a folder so that others see the old content or the new and nothing between, even after a power cut: a file beside it is
 * written and synced, then takes its name. `old` is what has the name now; without it the name must be free. False, and nothing is changed, when
 * somebody else was faster. Throws a Refusal.
 */
export async function replaceFile(folder: Folder, name: string, bytes: Uint8Array, old: Stats | undefined): Promise<boolean> {
  const [path, beside] = [folder.at(name), folder.at(`.${randomUUID()}.saving`)];
  let made = false;
  try {
    // To put another in its place takes no right to the file itself, but who may not write it shall not.
    if (old) await access(path, W_OK);
    const handle = await open(beside, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, old ? 0o600 : MODE);
    made = true;
    try {
      await handle.writeFile(bytes);
      if (old) await likeBefore(handle, old);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (!old) {
      if (!(await claim(beside, path))) return false;
    } else {
      if (!(await isStill(path, old))) return false;
      await rename(beside, path);
      made = false;
    }
    await folder.handle.sync();
    return true;
  } catch (fault) {
    throw refusalOf(fault);
  } finally {
    if (made) await unlink(beside).catch(() => undefined);
  }
}

/** Gives a file its name unless somebody was faster. */
async function claim(beside: string, path: string): Promise<boolean> {
  try {
    await link(beside, path);
    return true;
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw fault;
  }
}

/** Is it the file that was read, and has nobody written it since? */
async function isStill(path: string, old: Stats): Promise<boolean> {
  const now = await lstat(path).catch(() => undefined);
  return now !== undefined && (["dev", "ino", "size", "mtimeMs", "ctimeMs"] as const).every(each => now[each] === old[each]);
}

/** Owner, group and mode as they were. Only root may give a file away; a group that cannot be kept may do no more than everybody. */
async function likeBefore(handle: FileHandle, { mode, uid, gid }: Stats): Promise<void> {
  const give = (owner: number): Promise<boolean> =>
    handle.chown(owner, gid).then(
      () => true,
      () => false,
    );
  const given = (await give(uid)) || (await give(-1));
  await handle.chmod(given ? mode & 0o777 : (mode & 0o707) | ((mode & 0o7) << 3));
}
