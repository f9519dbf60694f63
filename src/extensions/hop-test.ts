import { among, equal, not, type Predicate } from "../predicate/index.ts";
import { bounded, someOf, UsageError, type Grammar } from "../xtables/index.ts";

/** What the ttl and hl matches ask, alike but for their names. Kernel: struct ipt_ttl_info, ip6t_hl_info. */
export interface HopTest {
  readonly mode: "eq" | "ne" | "lt" | "gt";
  readonly value: number;
}

const SIGNS = { eq: "==", ne: "!=", lt: "<", gt: ">" } as const;
const MAX = 0xff;

/** `--ttl-eq`, `--ttl-lt`, `--ttl-gt`, or the same with `hl`: exactly one of them. `missing` is the sentence for none. */
export function hopTestGrammar(stem: "ttl" | "hl", missing: string): Grammar<HopTest> {
  const name = (mode: string): string => `${stem}-${mode}`;
  const value = bounded(0, MAX);
  const grammar = someOf({
    [name("lt")]: { value, excludes: [name("gt"), name("eq")], help: "Less than this." },
    [name("gt")]: { value, excludes: [name("lt"), name("eq")], help: "More than this." },
    [name("eq")]: { value, aliases: [stem], invert: true, excludes: [name("lt"), name("gt")], help: "Exactly this." },
  });
  return {
    options: grammar.options,
    parse(given, context) {
      const found = grammar.parse(given, context);
      for (const mode of ["lt", "gt", "eq"] as const) {
        const parsed = found[name(mode)];
        if (parsed) return { mode: parsed.invert ? "ne" : mode, value: parsed.value };
      }
      throw new UsageError(missing);
    },
    save: ({ mode, value }) => (mode === "ne" ? `! --${name("eq")} ${value}` : `--${name(mode)} ${value}`),
  };
}

/** Kernel: xt_hl.c, ttl_mt and hl_mt6. */
export function lowerHops({ mode, value }: HopTest): Predicate {
  switch (mode) {
    case "eq":
      return equal("ttl", value);
    case "ne":
      return not(equal("ttl", value));
    case "lt":
      return among("ttl", [0, value - 1]);
    case "gt":
      return among("ttl", [value + 1, MAX]);
  }
}

/** `TTL match TTL == 5` */
export function listHops(name: string, { mode, value }: HopTest): string {
  return `${name} match ${name} ${SIGNS[mode]} ${value}`;
}
