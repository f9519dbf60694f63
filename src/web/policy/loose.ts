import { services } from "../../packet/index.ts";

/** A question in the notation of `ferrule query`, and whether it was asked in other words. */
export interface Notation {
  readonly question: string;
  readonly translated: boolean;
}

/** Longer questions are taken as they are. */
const LOOSE_MAX = 400;

const VERB =
  "(?:reach|access|open|use|see|contact|connect(?: to)?|talk to|get to|get at|get into|log ?in(?:to)?|ssh(?: to| into| on)?|ping)";

/**
 * Takes loose words — `who can reach 10.0.0.5:5432?`, `can lan0 ssh to the firewall`, `is port 443 open`, `10.0.0.1 -> 10.0.0.5:53` — for the
 * question that they mean. `interfaces` are the names that mean one. Everything else stays as it is.
 */
export function notationOf(text: string, interfaces: readonly string[] = []): Notation {
  const plain = text.trim().replace(/[?.!\s]+$/, "");
  const same = { question: text.trim(), translated: false };
  if (text.length > LOOSE_MAX || /^(?:from|packets|sessions|ipv4|ipv6)\b/i.test(plain)) return same;
  const found = whoCan(plain) ?? canThey(plain) ?? whatCan(plain) ?? isOpen(plain) ?? arrow(plain) ?? serviceAlone(plain);
  return found === undefined ? same : { question: asked(found, interfaces), translated: true };
}

/** Who is to reach whom, as it was said, and what with where the verb alone says that. */
interface Loose {
  readonly from: string;
  readonly there: string;
  readonly verb?: string;
}

/** `who can reach B`, and `who can reach B from A`. */
function whoCan(text: string): Loose | undefined {
  const [, verb = "", rest] = new RegExp(`^(?:who|what) (?:can|may|could) (${VERB}) (.+)$`, "i").exec(text) ?? [];
  if (rest === undefined) return undefined;
  const [, there = rest, from = "any"] = /^(.+?) from (.+)$/i.exec(rest) ?? [];
  return { from, there, verb };
}

/** `can A reach B` */
function canThey(text: string): Loose | undefined {
  const [, from, verb = "", there] = new RegExp(`^(?:can|may|could) (.+?) (${VERB}) (.+)$`, "i").exec(text) ?? [];
  return from !== undefined && there !== undefined ? { from, there, verb } : undefined;
}

/** `what can A reach` */
function whatCan(text: string): Loose | undefined {
  const [, from, verb = ""] = new RegExp(`^(?:what|where|whom?) (?:can|may|could) (.+?) (${VERB})$`, "i").exec(text) ?? [];
  return from === undefined ? undefined : { from, there: "any", verb };
}

const OPEN = "(?:reachable|accessible|open|exposed|allowed)";

/** `is B reachable from A`, `which ports are open` */
function isOpen(text: string): Loose | undefined {
  if (new RegExp(`^(?:which|what)(?: ports?| services?)? (?:is|are) ${OPEN}$`, "i").test(text)) return { from: "any", there: "self" };
  const [, there, from = "any"] = new RegExp(`^(?:is|are) (.+?) ${OPEN}(?: (?:from|to|for) (.+))?$`, "i").exec(text) ?? [];
  return there === undefined ? undefined : { from, there };
}

/** `192.168.1.5 -> 8.8.8.8:53`, `tcp 192.168.1.5:4000 > 8.8.8.8:53` */
function arrow(text: string): Loose | undefined {
  const [, protocol = "tcp", from, address, port] = /^(?:(tcp|udp) )?(\S+?)(?::\d+)? ?(?:->|→|>) ?([^\s:]+)(?::(\d+))?$/i.exec(text) ?? [];
  if (from === undefined || address === undefined) return undefined;
  return { from, there: port === undefined ? address : `${address} ${protocol} ${port}` };
}

/** `port 22`, `tcp 22 from 10.0.0.0/8` */
function serviceAlone(text: string): Loose | undefined {
  const [, there = text, from = "any"] = /^(.+?) from (.+)$/i.exec(text) ?? [];
  return serviceOf(there) === undefined ? undefined : { from, there };
}

/** The question in the notation. An interface stands for all that is behind it; a service alone is one of this machine. */
function asked({ from, there, verb = "" }: Loose, interfaces: readonly string[]): string {
  const alone = serviceOf(there);
  const { address, service } = alone === undefined ? place(there) : { address: "self", service: alone };
  const [source, target] = [addressOf(from), addressOf(address)];
  const wanted = service ?? serviceOfVerb(verb);
  return [
    `from ${interfaces.includes(source) ? "any" : source} to ${interfaces.includes(target) ? "any" : target}`,
    ...(wanted === undefined ? [] : [wanted]),
    ...(interfaces.includes(source) ? [`in ${source}`] : []),
    ...(interfaces.includes(target) ? [`out ${target}`] : []),
  ].join(" ");
}

const serviceOfVerb = (verb: string): string | undefined =>
  /^ssh|^log/i.test(verb) ? "tcp ssh" : /^ping/i.test(verb) ? "ping" : undefined;

const NAMED = new Map<string, string>([
  ...["anyone", "anybody", "everyone", "everybody", "someone", "anything", "anywhere", "everything", "internet", "world", "outside"].map(
    word => [word, "any"] as const,
  ),
  ...["machine", "this machine", "firewall", "this host", "host", "router", "gateway", "me", "myself", "itself", "us", "in", "here"].map(
    word => [word, "self"] as const,
  ),
]);

function addressOf(text: string): string {
  const word = text.trim().replace(/^the /i, "");
  return NAMED.get(word.toLowerCase()) ?? word;
}

/** An address and, where it is said, a service: `10.0.0.5:5432`, `[2001:db8::1]:443`, `ssh on 10.0.0.5`, `10.0.0.5 port 22`. */
function place(text: string): { readonly address: string; readonly service: string | undefined } {
  const [, first = "", second = ""] = /^(.+?) (?:on|at|of) (.+)$/i.exec(text) ?? [];
  const before = first === "" ? undefined : serviceOf(first);
  if (before !== undefined) return { address: second, service: before };
  const [, bracketed = "", port6 = ""] = /^\[([0-9a-f:.]+)\]:(\S+)$/i.exec(text) ?? [];
  if (bracketed !== "") return { address: bracketed, service: serviceOf(port6) };
  const [, alone = "", port4 = ""] = /^([^\s:]+):([\w-]+)$/.exec(text) ?? [];
  if (alone !== "") return { address: alone, service: serviceOf(port4) };
  const [, address = "", rest = ""] = /^((?:the |this )?\S+(?:, ?\S+)*?) (?:(?:on|over|by|via|with|using|at) )?(.+)$/i.exec(text) ?? [];
  const behind = rest === "" ? undefined : serviceOf(rest);
  return behind === undefined ? { address: text, service: undefined } : { address, service: behind };
}

/** A service in the notation; undefined for what names none. */
function serviceOf(text: string): string | undefined {
  const word = text.trim().toLowerCase();
  if (word === "ping") return "ping";
  const [, protocol = "", ports = ""] = /^(tcp|udp|sctp|dccp|udplite)[ /]?(?:port )?([\w,-]*)$/.exec(word) ?? [];
  if (protocol !== "") return `${protocol} ${ports}`.trim();
  const [, number = "", after = ""] = /^(\d+(?:-\d+)?)\/(tcp|udp|sctp)$/.exec(word) ?? [];
  if (number !== "") return `${after} ${number}`;
  const [, plain = ""] = /^(?:ports? )?(\d+(?:[,-]\d+)*)$/.exec(word) ?? [];
  if (plain !== "") return `tcp ${plain}`;
  const name = word.replace(/^port /, "");
  const known = ALIASES.get(name) ?? name;
  const found = services().filter(({ name: own, aliases }) => own === known || aliases.includes(known));
  const best = found.find(({ protocol: own }) => own === "tcp") ?? found[0];
  return best && (UDP.has(best.name) ? `udp ${best.name}` : `${best.protocol} ${best.name}`);
}

/** What people say for what /etc/services calls otherwise. */
const ALIASES = new Map([
  ["dns", "domain"],
  ["postgres", "postgresql"],
  ["dhcp", "bootps"],
]);
/** Services that both protocols have, and that people mean over UDP. */
const UDP: ReadonlySet<string> = new Set(["domain", "ntp", "snmp", "tftp", "bootps", "syslog"]);
