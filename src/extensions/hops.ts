import type { Action } from "../predicate/index.ts";
import { bounded, someOf, UsageError, type Grammar } from "../xtables/index.ts";

/** What the TTL and HL targets do, alike but for their names. Kernel: struct ipt_TTL_info. */
export interface Hops {
  readonly mode: "set" | "dec" | "inc";
  readonly value: number;
}

const MODES = ["set", "dec", "inc"] as const;
const VERBS = { set: "set to", dec: "decrement by", inc: "increment by" } as const;
const HELP = { set: "Set it to a value.", dec: "Lower it.", inc: "Raise it." } as const;

/** `--ttl-set`, `--ttl-dec`, `--ttl-inc`, or the same with `hl`: exactly one of them. */
export function hopGrammar(stem: "ttl" | "hl"): Grammar<Hops> {
  const option = (mode: Hops["mode"]): string => `${stem}-${mode}`;
  const grammar = someOf(
    Object.fromEntries(
      MODES.map(mode => [
        option(mode),
        { value: bounded(mode === "set" ? 0 : 1, 0xff), excludes: MODES.filter(other => other !== mode).map(option), help: HELP[mode] },
      ]),
    ),
  );
  return {
    options: grammar.options,
    parse(given, context) {
      const found = grammar.parse(given, context);
      for (const mode of MODES) {
        const parsed = found[option(mode)];
        if (parsed) return { mode, value: parsed.value };
      }
      throw new UsageError(`${context.extension}: You must specify an action`);
    },
    save: ({ mode, value }) => `--${option(mode)} ${value}`,
  };
}

/** The new value, or the step towards 0 or 255. */
export function hopAction({ mode, value }: Hops): Action {
  if (mode === "set") return { do: "set", field: "ttl", clear: 0xff, value };
  return { do: "add", field: "ttl", delta: mode === "inc" ? value : -value };
}

/** `TTL decrement by 1` */
export const hopListing =
  (name: string) =>
  ({ mode, value }: Hops): string =>
    `${name} ${VERBS[mode]} ${value}`;
