import type { QuestionWords } from "./question-words.ts";

/** Something that could stand here. */
export interface Offer {
  readonly text: string;
  /** What it is: `interface`, `set` … */
  readonly about: string;
}

/** What can stand at the end of a text: in place of its part from `from` on. */
export interface Offers {
  readonly from: number;
  readonly offers: readonly Offer[];
}

/** Offers of one list. */
const OFFERS_MAX = 16;

/** What a question can go on with, `before` being all before the cursor. Linear in its length. */
export function offersFor(before: string, words: QuestionWords): Offers {
  const start = Math.max(before.lastIndexOf(" "), before.lastIndexOf(","), before.lastIndexOf("!")) + 1;
  const typed = before.slice(start).toLowerCase();
  const tokens = tokensOf(before.slice(0, start));
  const fitting = possible(tokens, words)
    .filter(({ text }) => text.toLowerCase().startsWith(typed) && text.toLowerCase() !== typed)
    .concat(typed === "" ? [] : possible(tokens, words).filter(({ text }) => text.toLowerCase().indexOf(typed) > 0));
  return { from: start, offers: fitting.slice(0, OFFERS_MAX) };
}

/** Words, and commas that a list goes on behind. */
const tokensOf = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .replaceAll(",", " , ")
    .replaceAll("!", " ! ")
    .split(" ")
    .filter(word => word !== "");

const each = (texts: readonly string[], about: string): Offer[] => texts.map(text => ({ text, about }));

const PROTOCOLS = ["tcp", "udp", "icmp", "icmpv6", "sctp", "gre", "esp"];
const PORTS = ["ssh", "http", "https", "domain", "smtp", "ntp", "imaps", "ldap", "mysql", "postgresql", "rsync", "snmp", "tftp"];
const TYPES = ["echo-request", "echo-reply", "destination-unreachable", "time-exceeded", "redirect", "timestamp-request"];
const STATES = ["NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED"];
const FLAGS = ["syn", "syn+ack", "ack", "fin+ack", "rst", "none"];

function possible(tokens: readonly string[], words: QuestionWords): readonly Offer[] {
  const last = tokens.at(-1);
  if (last === undefined)
    return [
      ...each(["from"], "who asks"),
      ...each(["packets"], "single packets, not sessions"),
      ...each(["ipv4", "ipv6"], "one family"),
      ...each(["who can reach", "can any reach"], "loose words"),
    ];
  if (last === "packets" || last === "sessions" || last === "ipv4" || last === "ipv6") return each(["from"], "who asks");
  // A list goes on as it began.
  const at =
    last === "," || last === "!"
      ? tokens.findLastIndex((token, index) => OPENS.has(token) && index < tokens.length - 1)
      : tokens.length - 1;
  const opener = tokens[at] ?? last;
  if (at >= 0 && OPENS.has(opener)) return insideOf(opener, words);
  if (!tokens.includes("to"))
    return tokens.includes("from") ? [...each(["to"], "whom they reach"), ...each(["port"], "the client's port")] : [];
  return [
    ...(tokens.some(token => PROTOCOLS.includes(token) || token === "ping")
      ? []
      : [...each(PROTOCOLS, "protocol"), ...each(["ping"], "echo requests")]),
    ...(tokens.includes("tcp") ? each(FLAGS, "packets with these TCP flags") : []),
    ...each(
      ["in", "out"].filter(word => !tokens.includes(word)),
      "interface",
    ),
    ...each(
      ["state"].filter(word => !tokens.includes(word)),
      "packets in a state of tracking",
    ),
    ...each(
      ["after nat", "before nat"].filter(() => !tokens.includes("nat")),
      "which addresses are meant",
    ),
  ];
}

/** Words that say what follows. */
const OPENS: ReadonlySet<string> = new Set([
  "from",
  "to",
  "in",
  "out",
  "state",
  "before",
  "after",
  "port",
  "tcp",
  "udp",
  "sctp",
  "icmp",
  "icmpv6",
  "reach",
]);

function insideOf(opener: string, { interfaces, networks, sets, addresses }: QuestionWords): readonly Offer[] {
  switch (opener) {
    case "from":
    case "to":
    case "reach":
      return [
        ...each(["any"], "all addresses"),
        ...each(["self"], "this machine"),
        ...each(
          sets.map(name => `@${name}`),
          "set",
        ),
        ...each(
          networks.map(name => `net(${name})`),
          "the interface's networks",
        ),
        ...each(addresses, "in the rules"),
      ];
    case "in":
    case "out":
      return each(interfaces, "interface");
    case "state":
      return each(STATES, "state of tracking");
    case "before":
    case "after":
      return each(["nat"], "translation");
    case "icmp":
    case "icmpv6":
      return each(TYPES, "type");
    case "tcp":
      return [...each(PORTS, "service"), ...each(FLAGS, "packets with these TCP flags"), ...each(["in", "out"], "interface")];
    default:
      return each(PORTS, "service");
  }
}
