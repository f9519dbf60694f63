/** Payloads that are nearly right. */
import { concat } from "../../../src/packet/index.ts";
import type { Random } from "../generate/random.ts";

const NUISANCES = [0, 9, 10, 13, 32, 44, 46, 48, 48, 53, 57, 58, 64, 91, 93, 124, 127, 128, 255];

/** One to three small changes: bytes overwritten, taken out, put in, doubled, or the end cut off. */
export function mutate(random: Random, payload: Uint8Array): Uint8Array {
  let bytes = payload;
  for (let times = random.between(1, 3); times > 0; times--) bytes = change(random, bytes);
  return bytes.length === 0 ? payload : bytes;
}

function change(random: Random, bytes: Uint8Array): Uint8Array {
  const at = random.below(bytes.length + 1);
  const length = random.between(1, 4);
  const some = Uint8Array.from({ length: random.between(1, 3) }, () => random.pick(NUISANCES));
  switch (random.below(6)) {
    case 0:
      return concat(bytes.subarray(0, at), some, bytes.subarray(at + some.length));
    case 1:
      return concat(bytes.subarray(0, at), bytes.subarray(at + length));
    case 2:
      return concat(bytes.subarray(0, at), some, bytes.subarray(at));
    case 3:
      return concat(bytes.subarray(0, at), bytes.subarray(Math.max(0, at - length)));
    case 4:
      return bytes.subarray(0, at);
    default:
      return concat(bytes, bytes.subarray(at));
  }
}
