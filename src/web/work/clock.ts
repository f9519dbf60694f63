/** Now, in µs since the epoch. */
export function now(): number {
  return Date.now() * 1000;
}

/** A whole number from 0 to 2^32 - 1, for ports and identifiers that a kernel picks. */
export function random(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] as number;
}
