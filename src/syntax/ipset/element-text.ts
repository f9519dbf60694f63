import type { Part } from "../../ruleset/index.ts";
import { readAddress, separatorAt, type AddressForm } from "./address-text.ts";
import { readSmall } from "./c-numbers.ts";
import { addressFamily, type Draft } from "./draft.ts";
import { readProtocolPort, readTcpUdpPort } from "./port-text.ts";
import { FAILED, type Failed } from "./report.ts";
import { checkSetName } from "./set-name.ts";

/** Kernel: IFNAMSIZ less the byte that ends it. */
const IFACE_MAX = 15;
const MAC_LONGEST = 17;

/** An entry as its set's type has it: parts with commas between them. libipset: parse.c, ipset_parse_elem. */
export function readElement(draft: Draft, text: string): Failed | undefined {
  const { type, report } = draft;
  if (!type) throw new Error("an element without a type");
  const { parts, name } = type;
  const optional = name === "bitmap:ip,mac";
  const first = separatorAt(text, ",");
  if (first < 0 && parts.length > 1 && !optional) return report.syntax(`Second element is missing from ${text}.`);
  if (first >= 0 && parts.length === 1) {
    if (type.method === "list") return readListElement(draft, text);
    return report.syntax(`Elem separator in ${text}, but settype ${name} supports none.`);
  }
  const texts = first < 0 ? [text] : [text.slice(0, first), text.slice(first + 1)];
  const rest = texts[1] ?? "";
  const second = texts.length > 1 ? separatorAt(rest, ",") : -1;
  if (second < 0 && parts.length > 2 && !optional) return report.syntax(`Third element is missing from ${text}.`);
  if (second >= 0) {
    if (parts.length < 3) return report.syntax(`Two elem separators in ${text}, but settype ${name} supports one.`);
    texts.splice(1, 1, rest.slice(0, second), rest.slice(second + 1));
    if (separatorAt(texts[2] ?? "", ",") >= 0) return report.syntax(`Three elem separators in ${text}, but settype ${name} supports two.`);
  }
  for (const [i, each] of texts.entries()) {
    const part = parts[i];
    if (part !== undefined && readPart(draft, part, i, each) === FAILED) return FAILED;
  }
  return undefined;
}

function readPart(draft: Draft, part: Part, index: number, text: string): Failed | undefined {
  const { entry, report } = draft;
  switch (part) {
    case "ip":
    case "net":
      return readAddressPart(draft, formOf(draft, part, index), index > 0, text);
    case "port":
      return index === 0 ? readTcpUdpPort(draft, text) : readProtocolPort(draft, text);
    case "mac":
      return readMac(draft, text);
    case "mark": {
      const mark = readSmall(report, text, 0xffffffff);
      if (mark === FAILED) return FAILED;
      entry.mark = mark;
      return undefined;
    }
    case "iface": {
      const physdev = text.startsWith("physdev:");
      const name = physdev ? text.slice("physdev:".length) : text;
      if (name.length > IFACE_MAX) return report.syntax(`interface name '${name}' is longer than ${IFACE_MAX} characters`);
      entry.iface = name;
      if (physdev) entry.physdev = true;
      return undefined;
    }
    case "name":
      if (checkSetName(report, text)) return FAILED;
      entry.name = text;
      return undefined;
  }
}

function formOf(draft: Draft, part: Part, index: number): AddressForm {
  if (draft.type?.name === "bitmap:ip,mac" || (part === "ip" && index > 0)) return "single";
  if (addressFamily(draft) === 4) return "any";
  return part === "net" ? "network" : "single";
}

function readAddressPart(draft: Draft, form: AddressForm, second: boolean, text: string): Failed | undefined {
  const read = readAddress(draft, text, form);
  if (read === FAILED) return FAILED;
  const { entry } = draft;
  if (second) {
    entry.ip2 = read.ip;
    if (read.to !== undefined) entry.ip2To = read.to;
    if (read.cidr !== undefined) entry.cidr2 = read.cidr;
  } else {
    entry.ip = read.ip;
    if (read.to !== undefined) entry.ipTo = read.to;
    if (read.cidr !== undefined) entry.cidr = read.cidr;
  }
  return undefined;
}

/** Six hexadecimal numbers of any width up to 255. libipset: parse.c, ipset_parse_ether. */
function readMac(draft: Draft, text: string): Failed | undefined {
  const bytes = text
    .split(":", 7)
    .map(part => (/^[ \t-\r]*\+?(?:0x)?[0-9a-f]+$/i.test(part) ? Number.parseInt(part.replace("+", ""), 16) : -1));
  if (text.length > MAC_LONGEST || bytes.length !== 6 || bytes.some(byte => byte < 0 || byte > 255))
    return draft.report.syntax(`cannot parse '${text}' as ethernet address`);
  draft.entry.mac = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  return undefined;
}

/** `NAME,before,NAME` of old. libipset: parse.c, ipset_parse_name_compat. */
function readListElement(draft: Draft, text: string): Failed | undefined {
  const [name = "", word = "", reference] = splitTwice(text);
  if (reference === undefined || (word !== "before" && word !== "after"))
    return draft.report.error("you must specify elements as setname,[before|after],setname");
  if (checkSetName(draft.report, name) || checkSetName(draft.report, reference)) return FAILED;
  draft.entry.name = name;
  draft.entry.reference = reference;
  draft.entry.before = word === "before";
  draft.given.add("reference");
  return undefined;
}

function splitTwice(text: string): readonly string[] {
  const first = separatorAt(text, ",");
  const rest = text.slice(first + 1);
  const second = separatorAt(rest, ",");
  return second < 0 ? [text.slice(0, first), rest] : [text.slice(0, first), rest.slice(0, second), rest.slice(second + 1)];
}
