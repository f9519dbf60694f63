import { maskLength } from "../packet/index.ts";
import { parseHost } from "./hosts.ts";
import { scanUnsigned } from "./integers.ts";
import type { Value } from "./option.ts";
import { UsageError } from "./usage.ts";

/** What a mask with holes becomes: -1 in eight bits. */
export const NO_PREFIX_LENGTH = 255;

/**
 * A prefix length, or a mask that has one; NO_PREFIX_LENGTH for any other mask, and for an IPv4 number beyond 32, which is read as a mask. libxtables:
 * xtopt_parse_plen.
 */
export const prefixLength: Value<number> = {
  shape: "length",
  parse(text, { extension, option, family }) {
    const bits = family === 4 ? 32 : 128;
    const scanned = scanUnsigned(text, 0, bits);
    if (scanned?.rest === "") return scanned.value;
    const mask = parseHost(text, family);
    if (mask === undefined)
      throw new UsageError(`${extension}: bad value for option "--${option}", neither a valid network mask nor valid CIDR (0-${bits}).`);
    return maskLength(mask) ?? NO_PREFIX_LENGTH;
  },
  print: String,
};
