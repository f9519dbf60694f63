/**
 * The line that a text of rules opens at, from 1: its first table where something that is no comment stands before it, such as prose or what a
 * shell printed; otherwise its first line.
 */
export function openingLine(text: string): number {
  let isProse = false;
  let number = 1;
  for (let at = 0; at < text.length; number++) {
    const end = text.indexOf("\n", at);
    const line = text.slice(at, end === -1 ? text.length : end).trim();
    if (/^\*[a-z]+$/.test(line)) return isProse ? number : 1;
    isProse ||= line !== "" && !line.startsWith("#");
    if (end === -1) break;
    at = end + 1;
  }
  return 1;
}
