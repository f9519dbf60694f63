import type { Family, Predicate } from "../../predicate/index.ts";
import { optionName, parseBounded, someOf, UsageError, type PlaceContext, type TargetType, type Value } from "../../xtables/index.ts";

/** A TCP segment fits an IP packet of 65535 bytes after the smallest IP header, as libxt_TCPMSS reckons it. */
const MSS_MAX: Readonly<Record<Family, number>> = { 4: 0xffff - 20, 6: 0xffff - 40 };
const SYN = 2;
const TCP = 6;

const mss: Value<number> = {
  shape: "value",
  parse: (text, context) => parseBounded(text, 0, MSS_MAX[context.family], context),
  print: String,
};
const spec = {
  "set-mss": { value: mss, help: "Set the MSS option to a value, unless it is lower." },
  "clamp-mss-to-pmtu": { help: "Lower the MSS option to what the path carries." },
} as const;
const grammar = someOf(spec);

interface TcpMss {
  readonly to: number | "path";
}

/** Is there a test that SYN is set? Kernel: find_syn_match looks for a tcp match with SYN among the wanted flags, not inverted. */
function testsSyn(predicate: Predicate): boolean {
  if (predicate.is === "bits") return predicate.field === "tcpflags" && (BigInt(predicate.value) & BigInt(SYN)) !== 0n;
  return predicate.is === "all" && predicate.of.some(testsSyn);
}

function seesSyn({ predicates, matches }: PlaceContext): boolean {
  return predicates ? predicates.some(testsSyn) : matches.length > 0;
}

const CLAMP_HOOKS: readonly string[] = ["FORWARD", "OUTPUT", "POSTROUTING"];

/** `-j TCPMSS`: lowers the MSS option of a SYN, or adds one. Kernel: xt_TCPMSS.c, tcpmss_tg4 and tcpmss_tg6. */
export const TCPMSS: TargetType<TcpMss> = {
  name: "TCPMSS",
  help: "Lower the maximum segment size that a SYN announces.",
  protocols: [TCP],
  options: {
    options: grammar.options,
    parse(given, context) {
      const found = grammar.parse(given, context);
      // Both may be given: the last one counts.
      const last = given.at(-1);
      if (!last) throw new UsageError("TCPMSS target: At least one parameter is required");
      return { to: optionName(spec, last.option) === "set-mss" ? (found["set-mss"]?.value ?? 0) : "path" };
    },
    save: ({ to }) => (to === "path" ? "--clamp-mss-to-pmtu" : `--set-mss ${to}`),
  },
  check({ to }, place) {
    if (to === "path") {
      const wrong = [...place.hooks].filter(hook => !CLAMP_HOOKS.includes(hook));
      if (wrong.length)
        return `TCPMSS target: path-MTU clamping works only in ${CLAMP_HOOKS.join(", ")}, but is reached from ${wrong.join(", ")}`;
    }
    // A rule of nf_tables hides its matches: there the kernel asks no further.
    return place.variant === "nft" || seesSyn(place)
      ? undefined
      : "TCPMSS target: works only on TCP SYN packets: the rule needs --syn or --tcp-flags with SYN";
  },
  lower: ({ to }) => ({ do: "mss", to }),
  list: ({ to }) => `TCPMSS ${to === "path" ? "clamp to PMTU" : `set ${to}`}`,
};
