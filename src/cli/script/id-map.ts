import { writeFileSync } from "node:fs";

/** The user and group that root becomes before it makes a sandbox. */
export const NOBODY = 65534;

/**
 * Gives the user namespace of a process its ids. Inside, user 0 is nobody (for root) or the user who asked. Root's sandbox knows the other ids
 * too, so that files which only root may read can be read; nothing in it may become one of them. Linux: user_namespaces(7).
 */
export function mapIds(pid: number): void {
  const place = `/proc/${pid}`;
  if (process.getuid?.() === 0) {
    for (const kind of ["uid", "gid"]) writeFileSync(`${place}/${kind}_map`, `0 ${NOBODY} 1\n1 0 ${NOBODY}\n`);
    return;
  }
  writeFileSync(`${place}/setgroups`, "deny");
  writeFileSync(`${place}/uid_map`, `0 ${process.geteuid?.()} 1\n`);
  writeFileSync(`${place}/gid_map`, `0 ${process.getegid?.()} 1\n`);
}
