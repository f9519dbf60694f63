import type { Word } from "./words.ts";
import { readPhrases, type ListText, type Phrase } from "./read-list-text.ts";
import { flag, glued, one } from "./read-list-phrases.ts";
import { proxyAddress, withoutTilde } from "./read-list-values.ts";

/** How one target extension shows itself behind a listed rule's matches. */
interface TargetText {
  readonly head?: string;
  readonly phrases: readonly Phrase[];
  /** The head may stand without any phrase. */
  readonly alone?: boolean;
}

const natFlags: readonly Phrase[] = ["random", "random-fully", "persistent"].map(word => flag(word, word));
const nat = (option: string): TargetText => ({ phrases: [{ says: "to:", option }, ...natFlags] });
const markOperations: readonly Phrase[] = ["set-mark set", "and-mark and", "or-mark or", "xor-mark xor", "set-xmark xset"].map(pair => {
  const [option = "", says = ""] = pair.split(" ");
  return one(says, option);
});
const hops = (head: string, option: string): TargetText => ({
  head,
  phrases: [one("set to", `${option}-set`), one("increment by", `${option}-inc`), one("decrement by", `${option}-dec`)],
});

const prefixes = (head: string): TargetText => ({ head, phrases: [one("src-pfx", "src-pfx"), one("dst-pfx", "dst-pfx")] });

const TARGET_TEXTS: ReadonlyMap<string, TargetText> = new Map<string, TargetText>([
  ["REJECT", { phrases: [one("reject-with", "reject-with")] }],
  [
    "NFLOG",
    {
      phrases: [
        { says: "nflog-prefix", option: "nflog-prefix", takes: "saved word" },
        one("nflog-group", "nflog-group"),
        one("nflog-range", "nflog-range"),
        one("nflog-size", "nflog-size"),
        one("nflog-threshold", "nflog-threshold"),
      ],
    },
  ],
  ["MARK", { head: "MARK", phrases: markOperations }],
  [
    "CONNMARK",
    {
      head: "CONNMARK",
      phrases: [
        ...markOperations,
        flag("save", "save-mark"),
        flag("restore", "restore-mark"),
        one("mask", "mask"),
        { says: "ctmask", option: "ctmask", value: withoutTilde },
        { says: "nfmask", option: "nfmask", value: withoutTilde },
        { says: "ctmask", option: "ctmask", value: withoutTilde },
        one("left-shift-mark", "left-shift-mark"),
        one("right-shift-mark", "right-shift-mark"),
      ],
    },
  ],
  ["DNAT", nat("to-destination")],
  ["SNAT", nat("to-source")],
  ["NETMAP", nat("to")],
  ["MASQUERADE", { phrases: [one("masq ports:", "to-ports"), ...natFlags] }],
  ["REDIRECT", { phrases: [one("redir ports", "to-ports"), ...natFlags] }],
  ["TCPMSS", { head: "TCPMSS", phrases: [one("set", "set-mss"), flag("clamp to PMTU", "clamp-mss-to-pmtu")] }],
  [
    "TOS",
    {
      head: "TOS",
      phrases: [{ says: "set", option: "set-tos", glued: true }, one("and", "and-tos"), one("or", "or-tos"), one("xor", "xor-tos")],
    },
  ],
  ["DSCP", { head: "DSCP", phrases: [one("set", "set-dscp")] }],
  ["TTL", hops("TTL", "ttl")],
  ["HL", hops("HL", "hl")],
  ["CLASSIFY", { head: "CLASSIFY", phrases: [one("set", "set-class")] }],
  ["CHECKSUM", { head: "CHECKSUM", phrases: [flag("fill", "checksum-fill")] }],
  [
    "CT",
    {
      head: "CT",
      alone: true,
      phrases: [
        flag("notrack", "notrack"),
        ...["helper", "timeout", "ctevents", "expevents", "zone", "zone-orig", "zone-reply"].map(word => one(word, word)),
      ],
    },
  ],
  ["AUDIT", { head: "AUDIT", phrases: [one("", "type")] }],
  ["CONNSECMARK", { head: "CONNSECMARK", phrases: [flag("save", "save"), flag("restore", "restore")] }],
  ["SNPT", prefixes("SNPT")],
  ["DNPT", prefixes("DNPT")],
  [
    "ECN",
    {
      head: "ECN",
      phrases: [
        flag("TCP remove", "ecn-tcp-remove"),
        one("ECE=", "ecn-tcp-ece"),
        one("CWR=", "ecn-tcp-cwr"),
        one("ECT codepoint=", "ecn-ip-ect"),
      ],
    },
  ],
  [
    "HMARK",
    {
      head: "HMARK",
      phrases: [
        one("mod", "hmark-mod"),
        one("+", "hmark-offset"),
        { says: "", option: "hmark-tuple", value: token => (token === "ct," ? ["ct"] : undefined) },
        // ip6tables leaves out the length of a whole address.
        ...["src-prefix", "dst-prefix"].flatMap(word => [
          { ...one(word, `hmark-${word}`), value: (token: string) => (/^\d+$/.test(token) ? [token] : undefined) },
          { ...flag(word, `hmark-${word}`), value: () => ["128"] },
        ]),
        ...["sport-mask", "dport-mask", "spi-mask", "sport", "dport", "spi", "proto-mask", "rnd"].map(word => one(word, `hmark-${word}`)),
      ],
    },
  ],
  ["IDLETIMER", { phrases: [one("timeout:", "timeout"), one("label:", "label"), flag("alarm", "alarm")] }],
  [
    "NFQUEUE",
    {
      head: "NFQUEUE",
      phrases: [
        one("num", "queue-num"),
        one("balance", "queue-balance"),
        flag("bypass", "queue-bypass"),
        flag("cpu-fanout", "queue-cpu-fanout"),
      ],
    },
  ],
  ["RATEEST", { phrases: ["name", "interval", "ewmalog"].map(word => one(word, `rateest-${word}`)) }],
  [
    "SYNPROXY",
    {
      head: "SYNPROXY",
      alone: true,
      phrases: [
        flag("sack-perm", "sack-perm"),
        flag("timestamp", "timestamp"),
        one("wscale", "wscale"),
        one("mss", "mss"),
        flag("ecn", "ecn"),
      ],
    },
  ],
  ["TCPOPTSTRIP", { head: "TCPOPTSTRIP", phrases: [one("options", "strip-options")] }],
  [
    "SET",
    {
      phrases: [
        { ...one("add-set"), takes: "two tokens" },
        flag("exist"),
        one("timeout"),
        { ...one("del-set"), takes: "two tokens" },
        { ...one("map-set"), takes: "two tokens" },
        ...["map-mark", "map-prio", "map-queue"].map(word => flag(word)),
      ],
    },
  ],
  ["SECMARK", { head: "SECMARK selctx", phrases: [one("", "selctx")] }],
  [
    "CLUSTERIP",
    {
      head: "CLUSTERIP",
      alone: true,
      phrases: [
        { ...glued("hashmode=", "hashmode"), value: mode => [mode, "--new"] },
        glued("clustermac=", "clustermac"),
        glued("total_nodes=", "total-nodes"),
        glued("local_node=", "local-node"),
        glued("hash_init=", "hash-init"),
      ],
    },
  ],
  [
    "LED",
    {
      phrases: [
        { says: "led-trigger-id:", option: "led-trigger-id", takes: "saved word" },
        { ...one("led-delay:", "led-delay"), value: delay => [delay.replace(/ms$/, "")] },
        flag("led-always-blink"),
      ],
    },
  ],
  [
    "ULOG",
    {
      head: "ULOG",
      phrases: [
        one("copy_range", "ulog-cprange"),
        one("nlgroup", "ulog-nlgroup"),
        { says: "prefix", option: "ulog-prefix", takes: "saved word" },
        one("queue_threshold", "ulog-qthreshold"),
      ],
    },
  ],
  ["TEE", { head: "TEE", phrases: [one("gw:", "gateway"), one("oif=", "oif")] }],
  ["TPROXY", { head: "TPROXY", phrases: [{ says: "redirect", option: "on-ip", value: proxyAddress }, one("mark", "tproxy-mark")] }],
]);

/** Level names that differ from those that --log-level takes. */
const LEVELS: ReadonlyMap<string, string> = new Map([
  ["err", "error"],
  ["warn", "warning"],
]);
const LOG_FLAGS = ["log-tcp-sequence", "log-tcp-options", "log-ip-options", "log-uid", "log-nflog", "log-macdecode"] as const;
const LOG_TEXT =
  /^LOG (?:flags (\d{1,3}) level (\d)|level (\w+)((?: (?:tcp-sequence|tcp-options|ip-options|uid|macdecode))*))(?: prefix (?:"(.*)"|`(.*)'))?\s*$/;

/** `-j NAME` and the options that its text says; undefined (and no step taken) when the text is not that target's. */
export function readTargetText(text: ListText, target: Word): Word[] | undefined {
  const jump: Word[] = [{ ...target, text: "-j" }, target];
  text.skipBlanks();
  const start = text.at;
  if (target.text === "LOG") return readLog(text, jump);
  if (target.text === "CT" && text.take("NOTRACK"))
    return [
      { ...target, text: "-j" },
      { ...target, text: "NOTRACK" },
    ];
  const shown = TARGET_TEXTS.get(target.text);
  if (!shown) return jump;
  if (shown.head !== undefined && !text.take(shown.head)) return jump;
  const words = readPhrases(text, shown.phrases);
  if (words) return [...jump, ...words];
  if (shown.alone !== true) text.at = start;
  return jump;
}

/** `LOG flags 4 level 6 prefix "x"`, and without -n `LOG level info ip-options`. The prefix is not quoted: it goes up to the last quote. */
function readLog(text: ListText, jump: Word[]): Word[] {
  const start = text.at;
  const found = LOG_TEXT.exec(text.line.slice(start));
  if (!found) return jump;
  const [, bits, number, name, names, quoted, ticked] = found;
  text.at = text.line.length;
  const said: string[] = [];
  const prefix = quoted ?? ticked;
  if (prefix !== undefined) said.push("--log-prefix", prefix);
  said.push("--log-level", number ?? LEVELS.get(name ?? "") ?? name ?? "4");
  for (const [bit, option] of LOG_FLAGS.entries())
    if (Number(bits ?? 0) & (1 << bit) || names?.includes(` ${option.slice("log-".length)}`)) said.push(`--${option}`);
  return [...jump, ...said.map(word => text.word(word, start))];
}
