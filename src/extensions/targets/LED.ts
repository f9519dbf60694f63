import type { Effect } from "../../predicate/index.ts";
import { scanUnsigned, someOf, UsageError, type TargetType, type Value } from "../../xtables/index.ts";
import { missingModule, warnOfMissingModule } from "../missing-module.ts";

/** Characters of a trigger's name. */
const NAME_MAX = 16;
const U32_MAX = 0xffffffff;

const trigger: Value<string> = {
  shape: "name",
  parse(text) {
    if (text.length > NAME_MAX) throw new UsageError(`Argument must have a maximum length of ${NAME_MAX} characters`);
    return text;
  },
  print: quoted,
};
const delay: Value<number> = {
  shape: "milliseconds",
  words: ["inf"],
  parse(text) {
    if (text.toLowerCase().startsWith("inf")) return Infinity;
    const scanned = scanUnsigned(text, 0, U32_MAX);
    if (scanned?.rest !== "") throw new UsageError(`Delay value must be within range 0..${U32_MAX}`);
    return scanned.value;
  },
  print: value => (value === Infinity ? "inf" : `${value}`),
};

const grammar = someOf({
  "led-trigger-id": { value: trigger, required: true, help: "Trigger to which a light can be bound." },
  "led-delay": { value: delay, help: "Milliseconds that the light stays on." },
  "led-always-blink": { help: "Blink for each packet, even when the light is on." },
});

/** Kernel: struct xt_led_info. A delay of Infinity never ends. */
interface Led {
  readonly trigger: string;
  readonly delay: number;
  readonly alwaysBlink: boolean;
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/** `-j LED`: a light blinks, the packet goes on. Kernel: xt_LED.c, led_tg; 6.18 as Debian's cloud kernels have it is without. */
export const LED: TargetType<Led> = {
  name: "LED",
  help: "Let a light blink and go on.",
  options: {
    options: grammar.options,
    parse(given, context) {
      warnOfMissingModule(context);
      const found = grammar.parse(given, context);
      return {
        trigger: found["led-trigger-id"]?.value ?? "",
        delay: found["led-delay"]?.value ?? 0,
        alwaysBlink: Boolean(found["led-always-blink"]),
      };
    },
    save: info =>
      [
        `--led-trigger-id ${quoted(info.trigger)}`,
        ...(info.delay > 0 ? [`--led-delay ${delay.print(info.delay, 4)}`] : []),
        ...(info.alwaysBlink ? ["--led-always-blink"] : []),
      ].join(" "),
  },
  check: () => missingModule("target", "LED"),
  lower: (info): Effect<undefined> => ({
    do: "effect",
    name: "LED",
    about: `light ${info.trigger} blinks`,
    start: () => undefined,
    step: () => undefined,
  }),
  list: info =>
    [
      `led-trigger-id:${quoted(info.trigger)}`,
      `led-delay:${info.delay === Infinity ? "inf" : `${info.delay}ms`}`,
      ...(info.alwaysBlink ? ["led-always-blink"] : []),
    ].join(" "),
};
