import { readFileSync, writeFileSync } from "node:fs";

/** The user and group that root becomes before it makes a sandbox. */
export const NOBODY = 65534;

/** Is this the root of a machine, who can be others too? Someone who is root only in a namespace of one user is an ordinary user. */
export function isRoot(): boolean {
  if (process.getuid?.() !== 0) return false;
  const maps = readFileSync("/proc/self/uid_map", "utf8").trim().split("\n");
  return maps.some(map => {
    const [first = 0, , count = 0] = map.trim().split(/\s+/).map(Number);
    return first <= NOBODY && NOBODY < first + count;
  });
}

/**
 * Gives the user namespace of a process its ids. Inside, user 0 is nobody (for root) or the user who asked. Root's sandbox knows the other ids
 * too, so that files which only root may read can be read; nothing in it may become one of them. Linux: user_namespaces(7).
 */
export function mapIds(pid: number): void {
  const place = `/proc/${pid}`;
  if (isRoot()) {
    for (const kind of ["uid", "gid"]) writeFileSync(`${place}/${kind}_map`, `0 ${NOBODY} 1\n1 0 ${NOBODY}\n`);
    return;
  }
  writeFileSync(`${place}/setgroups`, "deny");
  writeFileSync(`${place}/uid_map`, `0 ${process.geteuid?.()} 1\n`);
  writeFileSync(`${place}/gid_map`, `0 ${process.getegid?.()} 1\n`);
}
