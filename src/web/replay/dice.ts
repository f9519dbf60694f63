/** Numbers from 0 to 2^32 - 1 that look random and follow from `seed`, so that a capture can be run again with the same luck (xorshift32). */
export function dice(seed: number): () => number {
  let state = seed >>> 0 || 0x9e3779b9;
  return () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
}
