import { TCP_FLAG, TCP_FLAG_NAMES } from "../../packet/index.ts";
import { both, either } from "./words.ts";

/** Masks under which SYN alone means the first packet of a connection. */
const ASKING: readonly number[] = [
  TCP_FLAG.SYN | TCP_FLAG.ACK | TCP_FLAG.RST | TCP_FLAG.FIN,
  TCP_FLAG.SYN | TCP_FLAG.ACK | TCP_FLAG.RST,
  TCP_FLAG.SYN | TCP_FLAG.ACK,
];
const ALL_FLAGS = TCP_FLAG_NAMES.reduce((sum, [, bit]) => sum | bit, 0);

const NAMES: readonly (readonly [string, number])[] = [...TCP_FLAG_NAMES, ["ECE", TCP_FLAG.ECE], ["CWR", TCP_FLAG.CWR]];

/** `SYN`, `ACK` … */
export const flagNames = (bits: number): string[] => NAMES.filter(([, bit]) => (bits & bit) !== 0).map(([name]) => name);

/** What must be so of TCP flags, as the end of "that …": `asks for a connection (SYN)`, `has SYN and ACK set and RST clear`. */
export function flagsText(mask: number, value: number, negated: boolean): string {
  const clear = mask & ~value;
  if (value === TCP_FLAG.SYN && ASKING.includes(mask))
    return negated ? "does not ask for a connection (anything but SYN alone)" : "asks for a connection (SYN)";
  if (mask === 0) return negated ? "has no flags to look at" : "has any flags";
  if (value === 0 && negated) return `has ${either(flagNames(clear))} set`;
  if (value === 0) return (mask & ALL_FLAGS) === ALL_FLAGS ? "has no flags set at all" : `has ${both(flagNames(clear))} clear`;
  const set = `${both(flagNames(value))} set`;
  const text = clear === 0 ? set : `${set} and ${both(flagNames(clear))} clear`;
  return negated ? `does not have ${text}` : `has ${text}`;
}
