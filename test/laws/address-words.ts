/** IPv4 words of the published answers. Not the product's own reader, which is under test. */

/** `10.0.0.1` as a number; throws on anything else. */
export function parseAddress(text: string): number {
  const parts = text.split(".").map(Number);
  if (parts.length !== 4 || parts.some(part => !Number.isInteger(part) || part < 0 || part > 255)) throw new Error(`no address: ${text}`);
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

/** `10.0.0.0/8` as the first and the last address. */
export function parsePrefix(text: string): readonly [low: number, high: number] {
  const [address = "", length = "32"] = text.split("/");
  const size = 2 ** (32 - Number(length));
  const low = Math.floor(parseAddress(address) / size) * size;
  return [low, low + size - 1];
}
