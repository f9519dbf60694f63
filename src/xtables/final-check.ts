import { checkTogether, someOf, type Given, type Grammar, type Option, type Options, type ReadContext } from "./option.ts";

/** The options without what they ask of each other. */
function loose(spec: Readonly<Record<string, Option<any>>>): Record<string, Option<unknown>> {
  const freed = Object.entries(spec).map(([name, option]) => [name, { ...option, required: false, requires: [], excludes: [] }] as const);
  return Object.fromEntries(freed);
}

/**
 * Options whose extension looks at them together before libxtables does, so that its own sentences come first: `final` may throw a UsageError,
 * and makes the info. libxtables: xtables_option_mfcall, which calls x6_fcheck and then xtables_options_fcheck.
 */
export function finallyChecked<const S extends Readonly<Record<string, Option<any>>>, Info>(
  spec: S,
  final: (found: Options<S>, given: readonly Given[], context: Omit<ReadContext, "option">) => Info,
): Pick<Grammar<Info>, "options" | "parse"> {
  const first = someOf(loose(spec));
  const check = checkTogether(spec);
  return {
    options: spec,
    parse(given, context) {
      const found = first.parse(given, context) as Options<S>;
      const info = final(found, given, context);
      check(found, context.extension);
      return info;
    },
  };
}
