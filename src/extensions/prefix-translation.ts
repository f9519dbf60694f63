import { mask6, maskLength, printAddress } from "../packet/index.ts";
import type { Action } from "../predicate/index.ts";
import { hostMask, someOf, type Grammar } from "../xtables/index.ts";

/** A prefix as it was given; the length is undefined for a mask with holes. */
interface GivenPrefix {
  readonly network: bigint;
  readonly prefixLength: number | undefined;
}

/** What SNPT and DNPT do, alike but for the end of the packet. Kernel: struct ip6t_npt_tginfo. */
export interface PrefixTranslation {
  readonly from: GivenPrefix;
  readonly to: GivenPrefix;
}

/** The interface identifier is never touched. */
const LONGEST = 64;

const grammar = someOf({
  "src-pfx": { value: hostMask, required: true, help: "Prefix that is replaced." },
  "dst-pfx": { value: hostMask, required: true, help: "Prefix that takes its place." },
});

const none: GivenPrefix = { network: 0n, prefixLength: 0 };
const isNone = ({ network, prefixLength }: GivenPrefix): boolean => network === 0n && prefixLength === 0;
/** A mask with holes is kept as the length 255. */
const print = ({ network, prefixLength = 255 }: GivenPrefix): string => `${printAddress(network)}/${prefixLength}`;

/** The options of SNPT and DNPT: both prefixes. `::/0` is not saved, as in ip6tables 1.8.9. */
export const prefixGrammar: Grammar<PrefixTranslation> = {
  options: grammar.options,
  parse(given, context) {
    const found = grammar.parse(given, context);
    const prefix = (option: "src-pfx" | "dst-pfx"): GivenPrefix => {
      const value = found[option]?.value;
      return value ? { network: BigInt(value.address), prefixLength: maskLength(value.mask) } : none;
    };
    return { from: prefix("src-pfx"), to: prefix("dst-pfx") };
  },
  save: ({ from, to }) =>
    [...(isNone(from) ? [] : [`--src-pfx ${print(from)}`]), ...(isNone(to) ? [] : [`--dst-pfx ${print(to)}`])].join(" "),
};

/** ip6t_NPT.c, ip6t_npt_checkentry: prefixes of at most 64 bits, without bits beyond them. */
export function checkPrefixes(name: string, { from, to }: PrefixTranslation): string | undefined {
  for (const prefix of [from, to]) {
    const { network, prefixLength } = prefix;
    if (prefixLength === undefined) return `${name} target: the mask of ${printAddress(network)} has holes`;
    if (prefixLength > LONGEST) return `${name} target: prefix ${print(prefix)} is longer than ${LONGEST} bits`;
    if ((network & ~mask6(prefixLength)) !== 0n) return `${name} target: prefix ${print(prefix)} has host bits`;
  }
  return undefined;
}

/** The translation of one end of the packet. */
export const prefixAction =
  (end: "source" | "destination") =>
  ({ from, to }: PrefixTranslation): Action => ({
    do: "prefix",
    end,
    from: { network: from.network, prefixLength: from.prefixLength ?? 0 },
    to: { network: to.network, prefixLength: to.prefixLength ?? 0 },
  });

/** `SNPT src-pfx dead::/64 dst-pfx 1c3::/64` */
export const prefixListing =
  (name: string) =>
  ({ from, to }: PrefixTranslation): string =>
    `${name} src-pfx ${print(from)} dst-pfx ${print(to)}`;
