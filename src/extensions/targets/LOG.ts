import { boundedText, scanUnsigned, someOf, UsageError, type Option, type TargetType, type Value } from "../../xtables/index.ts";

/** Bytes of ipt_log_info.prefix without its final NUL. */
const PREFIX_BYTES = 29;
const DEFAULT_LEVEL = 4;

/** Names that --log-level takes, by number; and those that a listing shows. libxtables: xtopt_parse_syslog; libxt_LOG. */
const LEVEL_NAMES = ["emerg", "alert", "crit", "error", "warning", "notice", "info", "debug"] as const;
const LISTED_NAMES = ["emerg", "alert", "crit", "err", "warn", "notice", "info", "debug"] as const;

const level: Value<number> = {
  shape: "level",
  words: LEVEL_NAMES,
  parse(text) {
    const scanned = scanUnsigned(text, 0, 7);
    if (scanned?.rest === "") return scanned.value;
    const named = text === "panic" ? 0 : LEVEL_NAMES.findIndex(name => name === text);
    if (named < 0) throw new UsageError(`log level "${text}" unknown`);
    return named;
  },
  print: String,
};

/** Flags in the order in which they are saved, with their bits in ipt_log_info.logflags. */
const FLAGS = { "log-tcp-sequence": 1, "log-tcp-options": 2, "log-ip-options": 4, "log-uid": 8, "log-macdecode": 32 } as const;
const FLAG_NAMES = Object.keys(FLAGS) as readonly (keyof typeof FLAGS)[];

interface Log {
  readonly prefix: string;
  readonly level: number;
  readonly flags: readonly (keyof typeof FLAGS)[];
}

const flag = (help: string): Option<unknown> => ({ help });
const grammar = someOf({
  "log-prefix": {
    value: boundedText(PREFIX_BYTES, { newlines: "Newlines not allowed in --log-prefix" }),
    help: "Text before the message, up to 29 bytes.",
  },
  "log-level": { value: level, help: "Level of the message, by number or name; warning without it." },
  "log-tcp-sequence": flag("Log TCP sequence numbers."),
  "log-tcp-options": flag("Log TCP options."),
  "log-ip-options": flag("Log IP options, or IPv6 extension headers."),
  "log-uid": flag("Log the user of the socket that sent the packet."),
  "log-macdecode": flag("Decode hardware addresses and protocol."),
});
const prefixValue = grammar.options["log-prefix"]?.value;

/** `-j LOG`: the packet is written to the kernel log and goes on. Kernel: xt_LOG.c, nf_log_syslog.c. */
export const LOG: TargetType<Log> = {
  name: "LOG",
  help: "Write the packet to the kernel log and go on.",
  options: {
    options: grammar.options,
    parse(given, context) {
      const found = grammar.parse(given, context);
      return {
        prefix: found["log-prefix"]?.value ?? "",
        level: found["log-level"]?.value ?? DEFAULT_LEVEL,
        flags: FLAG_NAMES.filter(name => found[name]),
      };
    },
    save: (info, family) =>
      [
        ...(info.prefix === "" ? [] : [`--log-prefix ${prefixValue?.print(info.prefix, family)}`]),
        ...(info.level === DEFAULT_LEVEL ? [] : [`--log-level ${info.level}`]),
        ...info.flags.map(name => `--${name}`),
      ].join(" "),
  },
  lower: ({ prefix, level, flags }) => ({
    do: "log",
    prefix,
    level,
    tcpSequence: flags.includes("log-tcp-sequence"),
    tcpOptions: flags.includes("log-tcp-options"),
    ipOptions: flags.includes("log-ip-options"),
    uid: flags.includes("log-uid"),
    macDecode: flags.includes("log-macdecode"),
  }),
  list({ prefix, level, flags }, { numeric }) {
    const bits = flags.reduce((sum, name) => sum | FLAGS[name], 0);
    const what = numeric
      ? `flags ${bits} level ${level}`
      : ["level", LISTED_NAMES[level], ...flags.map(name => name.slice("log-".length))].join(" ");
    return `LOG ${what}${prefix === "" ? "" : ` prefix "${prefix}"`}`;
  },
};
