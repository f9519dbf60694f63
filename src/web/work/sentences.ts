/** A sentence without the command's options that would say better, ` (--host, --if)`: the page has forms for what they say. */
export function withoutFlags(sentence: string): string {
  let rest = sentence;
  for (let from = rest.indexOf(" (--"); from >= 0; from = rest.indexOf(" (--")) {
    const to = rest.indexOf(")", from);
    if (to < 0) break;
    rest = rest.slice(0, from) + rest.slice(to + 1);
  }
  return rest;
}
