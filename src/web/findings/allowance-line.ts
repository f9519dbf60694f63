/** A text of rules with a comment above a line (from 1) that allows a finding there. Line breaks in the reason become blanks. */
export function allowed(text: string, line: number, code: string, reason: string): string {
  const lines = text.split("\n");
  const why = reason
    .split(/\s+/)
    .filter(word => word !== "")
    .join(" ");
  lines.splice(line - 1, 0, `# ferrule: allow ${code} ${why}`);
  return lines.join("\n");
}
