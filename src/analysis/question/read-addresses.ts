import { maskLength, parseAddress, parseIpv4, prefix4, prefix6, mask4, mask6, printAddress } from "../../packet/index.ts";
import type { Family, Scalar } from "../../predicate/index.ts";
import { readDecimal } from "./digits.ts";
import type { AddressItem, AddressSet, InterfaceSet } from "./question.ts";
import { shown, type Reader } from "./reader.ts";
import type { Word } from "./words.ts";

/** What a word in a set of addresses may be, for messages. */
const WANTED = "an address, a prefix, a range, any, self, @SET, net(INTERFACE) or a host name";

/** `! 10.0.0.0/8,192.168.1.1-192.168.1.9,@admins`: addresses in any of the members, or with `!` in none of them. */
export function readAddresses(reader: Reader): AddressSet {
  const invert = reader.accept("!");
  const items = [readItem(reader)];
  while (reader.accept(",")) items.push(readItem(reader));
  return { invert, items };
}

function readItem(reader: Reader): AddressItem {
  const word = reader.take(WANTED);
  const { text, quoted, start, end } = word;
  if (!quoted && (text === "!" || text === "," || text === "(" || text === ")"))
    return reader.refuse(word, text === "!" ? "`!` stands once, before the whole list" : `expected ${WANTED}`);
  if (!quoted && text.toLowerCase() === "any") return { is: "any", start, end };
  if (!quoted && text.toLowerCase() === "self") return { is: "self", start, end };
  if (text.startsWith("@")) {
    if (text.length === 1) reader.refuse(word, "after @ comes the name of a set");
    return { is: "set", name: text.slice(1), start, end };
  }
  if (text.startsWith("net(") && text.endsWith(")")) {
    if (text.length === 5) reader.refuse(word, "between the parentheses comes the name of an interface", "net(eth0)");
    return { is: "net", interface: text.slice(4, -1), start, end };
  }
  return readPrefix(reader, word) ?? readRange(reader, word) ?? readName(reader, word);
}

const familyOf = (address: Scalar): Family => (typeof address === "bigint" ? 6 : 4);

function readPrefix(reader: Reader, word: Word): AddressItem | undefined {
  const slash = word.text.indexOf("/");
  if (slash < 0) return undefined;
  const [first, second] = [word.text.slice(0, slash), word.text.slice(slash + 1)];
  const address = parseAddress(first);
  if (address === undefined) return reader.refuse(word, `${shown(first)} is no address`);
  const family = familyOf(address);
  const length = readDecimal(second, family === 4 ? 32 : 128) ?? lengthOfMask(second, family);
  if (length === undefined)
    return reader.refuse(word, `${shown(second)} is no prefix length: 0 to ${family === 4 ? "32" : "128"}, or a mask without holes`);
  const network = typeof address === "bigint" ? prefix6(address, mask6(length)) : prefix4(address, mask4(length));
  if (network.address !== address)
    reader.refuse(word, `${first} has bits set beyond the first ${length}`, `${printAddress(network.address)}/${length}`);
  return { is: "prefix", family, address, length, start: word.start, end: word.end };
}

function lengthOfMask(text: string, family: Family): number | undefined {
  const mask = parseAddress(text);
  return mask === undefined || familyOf(mask) !== family ? undefined : maskLength(mask);
}

function readRange(reader: Reader, word: Word): AddressItem | undefined {
  const { text, start, end } = word;
  const alone = parseAddress(text);
  if (alone !== undefined) return { is: "range", family: familyOf(alone), low: alone, high: alone, start, end };
  const dash = text.indexOf("-");
  if (dash < 0) return undefined;
  const low = parseAddress(text.slice(0, dash));
  const high = parseAddress(text.slice(dash + 1));
  if (low === undefined || high === undefined) return undefined;
  if (typeof low !== typeof high) return reader.refuse(word, "the ends of the range are of different families");
  if (low > high)
    return reader.refuse(word, "the range is empty: its first end is above its second", `${printAddress(high)}-${printAddress(low)}`);
  return { is: "range", family: familyOf(low), low, high, start, end };
}

function readName(reader: Reader, word: Word): AddressItem {
  const { text, quoted, start, end } = word;
  if (!quoted && looksNumeric(text)) {
    const port = text.lastIndexOf(":");
    if (port > 0 && parseIpv4(text.slice(0, port)) !== undefined)
      reader.refuse(
        word,
        `${shown(text)} is no address: ports come after the protocol, as in \`to ${text.slice(0, port)} tcp ${text.slice(port + 1)}\``,
      );
    reader.refuse(word, `${shown(text)} is no address`);
  }
  if (!quoted && KEYWORDS.includes(text.toLowerCase())) reader.refuse(word, `expected ${WANTED}, found ${shown(text)}`);
  return { is: "name", name: text, start, end };
}

/** Words that cannot be host names unless they are quoted. */
export const KEYWORDS: readonly string[] = [
  "packets",
  "sessions",
  "ipv4",
  "ipv6",
  "from",
  "to",
  "port",
  "in",
  "out",
  "state",
  "flags",
  "before",
  "after",
  "nat",
  "any",
  "self",
  "and",
  "or",
  "not",
  "implies",
];

/** Is it an address, or a try at one, rather than a name? */
export function looksNumeric(text: string): boolean {
  if (text.includes(":")) return true;
  for (const letter of text) if (!"0123456789./-".includes(letter)) return false;
  return true;
}

/** `eth0,wan+` or `! tun0`. */
export function readInterfaces(reader: Reader): InterfaceSet {
  const invert = reader.accept("!");
  const names = [readInterface(reader)];
  while (reader.accept(",")) names.push(readInterface(reader));
  return { invert, names };
}

function readInterface(reader: Reader): InterfaceSet["names"][number] {
  const word = reader.take("an interface");
  const { text, quoted } = word;
  if (!quoted && (text === "!" || text === "," || text === "" || text === "=")) reader.refuse(word, "expected an interface");
  // IFNAMSIZ, with the closing zero.
  if (text.length > 15 + (text.endsWith("+") ? 1 : 0)) reader.refuse(word, "an interface's name has 15 letters at most");
  return text.endsWith("+") && !quoted ? { name: text.slice(0, -1), start: true } : { name: text, start: false };
}
