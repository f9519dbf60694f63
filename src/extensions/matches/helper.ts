import { KNOWN_HELPERS } from "../../conntrack/index.ts";
import { any, invertIf, named, present, type Predicate } from "../../predicate/index.ts";
import { cutBytes, quoteArgument, someOf, type MatchType, type Parsed, type Value } from "../../xtables/index.ts";

/** Bytes of a name. Kernel: xt_helper_info's field less the byte that ends it. */
const NAME_BYTES = 29;

const name: Value<string> = {
  shape: "name",
  words: [...new Set(KNOWN_HELPERS.map(helper => helper.name))],
  parse: text => cutBytes(text, NAME_BYTES),
  print: quoteArgument,
};
const spec = {
  helper: { value: name, invert: true, required: true, help: "Name of the tracking helper; a port may follow it after a dash." },
} as const;
const grammar = someOf(spec);
const NONE = { value: "", invert: false };

/** The kernel compares as many bytes as the helper's own name has, so that `ftp-2121` means ftp, too. */
function anyOf(text: string): Predicate {
  if (text === "") return present("cthelper");
  const meant = new Set([text, ...KNOWN_HELPERS.filter(helper => text.startsWith(helper.name)).map(helper => helper.name)]);
  return any(...[...meant].map(each => named("cthelper", each)));
}

/** `-m helper`: the helper that foresaw the packet's connection. Kernel: xt_helper.c, helper_mt. Without one only an inverted test holds. */
export const helper: MatchType<{ readonly helper?: Parsed<string> }> = {
  name: "helper",
  help: "Match connections that a tracking helper foresaw.",
  needs: () => ["conntrack"],
  options: grammar,
  lower: ({ helper: { value, invert } = NONE }) => ({ predicate: invertIf(invert, anyOf(value)) }),
  list: ({ helper: { value, invert } = NONE }) => `helper match ${invert ? "! " : ""}"${value}"`,
};
