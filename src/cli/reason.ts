/** The system's reason in a word or two. */
export function reasonOf(fault: unknown): string {
  const { code, message } = fault as NodeJS.ErrnoException;
  const known: Readonly<Record<string, string>> = {
    ENOENT: "no such file",
    EACCES: "permission denied",
    EISDIR: "it is a directory",
    ENOTDIR: "no such folder",
    EROFS: "the file system is read-only",
    ENOSPC: "no space left",
  };
  // Node says `EPERM: operation not permitted, rename 'one' -> 'other'`: the words between.
  return known[code ?? ""] ?? /^[A-Z]\w+: ([^,]+), \w+/.exec(message)?.[1] ?? message;
}
