/** A decimal number without sign or leading zeros, up to `max`; undefined for anything else. */
export function readDecimal(text: string, max: number): number | undefined {
  if (text === "" || text.length > 10 || (text.length > 1 && text.startsWith("0"))) return undefined;
  for (const letter of text) if (letter < "0" || letter > "9") return undefined;
  const value = Number(text);
  return value <= max ? value : undefined;
}
