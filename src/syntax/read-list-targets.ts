import type { Word } from "./words.ts";
import { readPhrases, type ListText, type Phrase } from "./read-list-text.ts";
import { withoutTilde } from "./read-list-values.ts";

/** How one target extension shows itself behind a listed rule's matches. */
interface TargetText {
  readonly head?: string;
  readonly phrases: readonly Phrase[];
}

const flag = (says: string, option: string): Phrase => ({ says, option, takes: "nothing" });
const one = (says: string, option: string): Phrase => ({ says, option });
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
      phrases: [
        flag("notrack", "notrack"),
        ...["helper", "timeout", "ctevents", "expevents", "zone", "zone-orig", "zone-reply"].map(word => one(word, word)),
      ],
    },
  ],
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
  text.at = start;
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
