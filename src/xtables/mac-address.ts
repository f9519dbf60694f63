import { printMac } from "../packet/index.ts";
import type { Value } from "./option.ts";
import { UsageError } from "./usage.ts";

/** Six bytes, each of up to two characters as strtoul reads hexadecimal: none at all is 0. libxtables: xtopt_parse_ethermac. */
export const macAddress: Value<number> = {
  shape: "XX:XX:XX:XX:XX:XX",
  parse(text) {
    const parts = text.split(":", 7);
    if (text === "" || parts.length !== 6 || !parts.every(part => /^([0-9a-f]{0,2}|[ +-][0-9a-f])$/i.test(part)))
      throw new UsageError("Invalid MAC address specified.");
    return parts.reduce((sum, part) => sum * 256 + byte(part), 0);
  },
  print: printMac,
};

/** `-5` is 0xfb: the low eight bits of the number. */
function byte(part: string): number {
  const value = Number.parseInt(`0${part.replace(/[ +-]/, "")}`, 16);
  return part.startsWith("-") ? -value & 0xff : value;
}
