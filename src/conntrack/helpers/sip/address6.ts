/** An IPv6 address in its short form (lib/vsprintf.c, ip6_compressed_string). */
export function compressedIpv6(address: bigint): string {
  const words = Array.from({ length: 8 }, (_, index) => Number((address >> BigInt(112 - index * 16)) & 0xffffn));
  const tailed = endsInIpv4(words);
  const range = tailed ? 6 : 8;
  const gap = longestZeros(words.slice(0, range));
  let text = "";
  let colon = false;
  for (let index = 0; index < range; index++) {
    if (index === gap.at) {
      if (colon || index === 0) text += ":";
      text += ":";
      colon = false;
      index += gap.length - 1;
      continue;
    }
    if (colon) text += ":";
    text += (words[index] as number).toString(16);
    colon = true;
  }
  if (!tailed) return text;
  const tail = words.slice(6).flatMap(word => [word >> 8, word & 0xff]);
  return `${text}${colon ? ":" : ""}${tail.join(".")}`;
}

/** Mapped IPv4 addresses, and those of ISATAP. */
function endsInIpv4(words: readonly number[]): boolean {
  const mapped = words.slice(0, 5).every(word => word === 0) && words[5] === 0xffff;
  return mapped || (((words[4] as number) | 0x0200) === 0x0200 && words[5] === 0x5efe);
}

/** The first of the longest rows of at least two zero words. */
function longestZeros(words: readonly number[]): { readonly at: number; readonly length: number } {
  let best = { at: -1, length: 1 };
  for (let at = 0; at < words.length; at++) {
    let length = 0;
    while (words[at + length] === 0) length++;
    if (length > best.length) best = { at, length };
  }
  return best;
}
