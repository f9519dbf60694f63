import { bounded, boundedText, quoteArgument, someOf, type TargetType, type Value } from "../../xtables/index.ts";

/** Bytes of xt_nflog_info.prefix without its final NUL; and of what iptables-nft writes instead, NF_LOG_PREFIXLEN. */
const PREFIX_BYTES = 63;
const PREFIX_BYTES_NFT = 127;

const prefixOf = (bytes: number): Value<string> => boundedText(bytes, { newlines: "Newlines not allowed in --log-prefix" });
const [legacyPrefix, nftPrefix] = [prefixOf(PREFIX_BYTES), prefixOf(PREFIX_BYTES_NFT)];
const prefixValue: Value<string> = {
  ...legacyPrefix,
  parse: (text, context) => (context.variant === "nft" ? nftPrefix : legacyPrefix).parse(text, context),
};

const count: Value<number> = bounded(0, 0xffffffff);
const range: Value<number> = {
  ...count,
  parse(text, context) {
    const value = count.parse(text, context);
    context.warn("--nflog-range has never worked and is no longer supported, please use --nflog-size instead");
    // iptables-nft has no place to keep it.
    return context.variant === "nft" ? 0 : value;
  },
};

const grammar = someOf({
  "nflog-prefix": {
    value: prefixValue,
    help: "Text that goes with the packet, up to 63 bytes.",
  },
  "nflog-group": { value: bounded(0, 0xffff), help: "Netlink group that gets the packet; 0 without it." },
  "nflog-range": { value: range, excludes: ["nflog-size"], help: "Has no effect; use --nflog-size." },
  "nflog-size": { value: count, excludes: ["nflog-range"], help: "Bytes of the packet to copy; all of it without this." },
  "nflog-threshold": { value: bounded(0, 0xffff), help: "Packets to gather before sending them." },
});

/** What was given; a range is only kept to be saved. */
interface Nflog {
  readonly prefix: string;
  readonly group: number;
  readonly range: number;
  readonly size?: number;
  readonly threshold: number;
}

/** The words after their dashes, as they are both saved and listed. */
const words = ({ prefix, group, range, size, threshold }: Nflog, dashes: string): string =>
  [
    ...(prefix === "" ? [] : [`${dashes}nflog-prefix ${quoteArgument(prefix)}`]),
    ...(group === 0 ? [] : [`${dashes}nflog-group ${group}`]),
    ...(size === undefined ? (range === 0 ? [] : [`${dashes}nflog-range ${range}`]) : [`${dashes}nflog-size ${size}`]),
    ...(threshold === 0 ? [] : [`${dashes}nflog-threshold ${threshold}`]),
  ].join(" ");

/** `-j NFLOG`: a copy of the packet goes to a netlink group, the packet goes on. Kernel: xt_NFLOG.c, nfnetlink_log.c. */
export const NFLOG: TargetType<Nflog> = {
  name: "NFLOG",
  help: "Send a copy of the packet to user space and go on.",
  options: {
    options: grammar.options,
    parse(given, context) {
      const found = grammar.parse(given, context);
      const size = found["nflog-size"]?.value;
      return {
        prefix: found["nflog-prefix"]?.value ?? "",
        group: found["nflog-group"]?.value ?? 0,
        range: found["nflog-range"]?.value ?? 0,
        ...(size !== undefined && { size }),
        threshold: found["nflog-threshold"]?.value ?? 0,
      };
    },
    save: info => words(info, "--"),
  },
  lower: ({ prefix, group, size, threshold }) => ({ do: "nflog", group, prefix, ...(size !== undefined && { size }), threshold }),
  list: info => words(info, ""),
};
