/** Words of rules, spoilt: other values, options left out, repeated, cut short or borrowed from another rule. */
import type { Random } from "../kernel/generate/random.ts";

const NUMBERS =
  "0 1 -1 2 15 16 31 32 33 63 64 100 127 128 255 256 1000 9999 10000 10001 32768 65535 65536 2147483647 2147483648 4294967295 4294967296 " +
  "9223372036854775808 18446744073709551615 18446744073709551616 99999999999999999999999 0x10 0X1f 0xffffffff 0x100000000 0x 010 08 +5 -0 5x 1.5 1e3";
const LISTS = "1:2 2:1 :5 5: : 1:2:3 0:65535 1,2 ,1 1, , 1,,2 1,1 2,1 1/2 /5 5/ / 0/0 1/0xff 1-2 2-1 - 1- -5";
const WORDS =
  "any all ALL none + ff:ff:ff:ff:ff:ff 1:2:3:4:5:6 10.0.0.0/8 10.0.0.1-10.0.0.9 1.2.3 ::1 ::1/64 2001:db8::/32 fe80::1-fe80::9 http domain tcp udp eth+ lo src src,dst " +
  "INVALID,NEW SYN,ACK 1K 10/sec 10/min 10mb/s 1s 5ms 1/day 00:00 23:59 24:00 12:30:61 2024-02-30 2024-02-29T12:00:00 Mon,Tue 1,31,32 |00| |0 abc|41| 6&0xFF=1 6,0 -p --foo !";
const VALUES: readonly string[] = [
  ...`${NUMBERS} ${LISTS} ${WORDS}`.split(" "),
  ...[16, 20, 31, 32, 63, 64, 256, 600].map(n => "a".repeat(n)),
];

const isOption = (word: string): boolean => word.startsWith("--") && word.length > 2;

/** One or more changes to a rule's words; `others` lends options. */
export function spoil(random: Random, words: readonly string[], others: readonly (readonly string[])[]): string[] {
  const spoilt = words.slice();
  const options = [...spoilt.keys()].filter(at => isOption(spoilt[at] ?? ""));
  if (options.length === 0) return [...spoilt, random.pick(["!", "--foo", "x"])];
  const at = random.pick(options);
  const value = spoilt[at + 1];
  const valued = value !== undefined && value !== "!" && !isOption(value);
  random.pick([
    () => spoilt.splice(at, 0, "!"),
    () => valued && spoilt.splice(at + 1, 1),
    () => spoilt.push(...spoilt.slice(at, at + (valued ? 2 : 1))),
    () => spoilt.splice(at, valued ? 2 : 1),
    () => spoilt.splice(at, 1, (spoilt[at] ?? "").slice(0, -random.between(1, 3))),
    ...Array.from({ length: 6 }, () => () => valued && spoilt.splice(at + 1, 1, random.pick(VALUES))),
    ...Array.from({ length: 4 }, () => () => valued && spoilt.splice(at + 1, 1, garbled(random, value))),
    () => spoilt.push(...borrowed(random, others)),
  ])();
  return random.oneIn(8) ? spoil(random, spoilt, others) : spoilt;
}

/** A value with a character or a part of it changed. */
function garbled(random: Random, value: string): string {
  const parts = value.split(/([:,/-])/);
  const at = random.between(0, parts.length - 1);
  const place = random.between(0, value.length);
  return random.pick([
    () => parts.with(at, at % 2 === 0 ? random.pick(VALUES) : random.pick([":", ",", "/", "-"])).join(""),
    () => value.slice(0, place) + random.pick([..."0123456789abcxf:,/-.!+"]) + value.slice(place),
    () => value.slice(0, place) + value.slice(place + 1),
    () => value.toUpperCase(),
    () => value.toLowerCase(),
    () => value + random.pick([",", ":", "/", "-"]) + value,
  ])();
}

function borrowed(random: Random, others: readonly (readonly string[])[]): readonly string[] {
  const words = random.pick(others);
  const options = [...words.keys()].filter(at => isOption(words[at] ?? ""));
  if (options.length === 0) return [];
  const at = random.pick(options);
  return words.slice(at, at + 2);
}
