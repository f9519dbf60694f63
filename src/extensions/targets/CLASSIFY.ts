import { someOf, UsageError, type TargetType, type Value } from "../../xtables/index.ts";

/** `MAJOR:MINOR` in hexadecimal, read as sscanf's `%x:%x` does: signs, `0x` and leading blanks pass, trailing text is ignored, 16 bits of each count. */
const CLASS = /^[ \t-\r]*([+-]?)(?:0x)?([0-9a-f]+):[ \t-\r]*([+-]?)(?:0x)?([0-9a-f]+)/i;

/** sscanf's `%x` gives 2^64 - 1 for more digits than that. */
function half(sign: string, digits: string): number {
  const significant = digits.replace(/^0+/, "");
  const low = significant.length > 16 ? 0xffff : Number.parseInt(significant.slice(-4) || "0", 16);
  return sign === "-" && significant.length <= 16 ? -low & 0xffff : low;
}

const trafficClass: Value<number> = {
  shape: "MAJOR:MINOR",
  parse(text) {
    const [, majorSign = "", major, minorSign = "", minor] = CLASS.exec(text) ?? [];
    if (major === undefined || minor === undefined) throw new UsageError(`Bad class value "${text}"`);
    return half(majorSign, major) * 0x10000 + half(minorSign, minor);
  },
  print: value =>
    words(value)
      .map(part => part.padStart(4, "0"))
      .join(":"),
};

function words(value: number): readonly string[] {
  return [(value >>> 16).toString(16), (value & 0xffff).toString(16)];
}

const grammar = someOf({ "set-class": { value: trafficClass, required: true, help: "Queueing class, always hexadecimal." } });

interface Classify {
  readonly priority: number;
}

/** `-j CLASSIFY`: sets the packet's queueing class. Kernel: xt_CLASSIFY.c; in any table, on the way out. */
export const CLASSIFY: TargetType<Classify> = {
  name: "CLASSIFY",
  help: "Put the packet into a queueing class.",
  hooks: ["FORWARD", "OUTPUT", "POSTROUTING"],
  options: {
    options: grammar.options,
    parse: (given, context) => ({ priority: grammar.parse(given, context)["set-class"]?.value ?? 0 }),
    save: ({ priority }, family) => `--set-class ${trafficClass.print(priority, family)}`,
  },
  lower: ({ priority }) => ({ do: "set", field: "priority", clear: 0xffffffff, value: priority }),
  list: ({ priority }) => `CLASSIFY set ${words(priority).join(":")}`,
};
