import { findIcmpName, icmpName } from "./icmp-types.ts";
import { readNumber } from "./notation-text.ts";

/** TCP flags in the order they are printed, as `syn+ack`. */
export const FLAG_WORDS: readonly (readonly [string, number])[] = [
  ["fin", 1],
  ["syn", 2],
  ["rst", 4],
  ["psh", 8],
  ["urg", 32],
  ["ece", 64],
  ["cwr", 128],
  ["ack", 16],
];

/** The bits of `syn+ack`, or of `none`; undefined when it is no combination of flags. */
export function readFlags(text: string): number | undefined {
  if (text === "none") return 0;
  let bits = 0;
  for (const part of text.split("+")) {
    const bit = FLAG_WORDS.find(([each]) => each === part)?.[1];
    if (bit === undefined) return undefined;
    bits |= bit;
  }
  return bits;
}

/** `syn+ack`, `none`. */
export function printFlags(bits: number): string {
  return (
    FLAG_WORDS.filter(([, bit]) => bits & bit)
      .map(([each]) => each)
      .join("+") || "none"
  );
}

/** The flags that a near miss such as `synack`, `SYN,ACK`, `FPU` or `SA` spells, in the right form; undefined when it spells none. */
export function guessFlags(text: string): string | undefined {
  const letters = text.toLowerCase().replace(/[^a-z]/g, "");
  if (letters === "" || letters.length > 24) return undefined;
  const names = letters
    .replace(/fin|syn|rst|psh|urg|ece|cwr|ack/g, each => ` ${each}`)
    .trim()
    .split(" ");
  const whole = names.map(each => readFlags(each));
  if (whole.every(bits => bits !== undefined)) return printFlags(whole.reduce((sum, bits) => sum | bits, 0));
  const initials = [...letters].map(letter => FLAG_WORDS.find(([each]) => each[0] === letter)?.[1]);
  return /[A-Z]/.test(text) && initials.every(bit => bit !== undefined)
    ? printFlags(initials.reduce((sum, bit) => sum | bit, 0))
    : undefined;
}

/** `echo-request` or `3/13` or `8`: a type by number, or a whole name of iptables' (a name of a type means its code 0); undefined otherwise. */
export function readIcmp(text: string, family: 4 | 6): { readonly type: number; readonly code: number } | undefined {
  const [first = "", second = "0", ...more] = text.split("/");
  const [number, code] = [readNumber(first, 255), readNumber(second, 255)];
  if (more.length === 0 && number !== undefined && code !== undefined) return { type: number, code };
  const entry = findIcmpName(text, family).find(each => each.name.toLowerCase() === text.toLowerCase());
  return entry === undefined || entry.name === "any" ? undefined : { type: entry.type, code: entry.codes[0] };
}

/** The name of an ICMP type and code, or `type/code`. */
export function printIcmp({ type: number, code }: { readonly type: number; readonly code: number }, family: 4 | 6): string {
  return icmpName(number, code, family) ?? `${number}/${code}`;
}
