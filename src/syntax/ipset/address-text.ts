import type { Scalar } from "../../predicate/index.ts";
import { parseHost } from "../../xtables/index.ts";
import { addressFamily, type Draft } from "./draft.ts";
import { readPrefixLength } from "./c-numbers.ts";
import { FAILED, type Failed } from "./report.ts";

/** Which forms of an address are taken. */
export type AddressForm = "any" | "single" | "network";

/** What an address text says. */
export interface AddressText {
  readonly ip: Scalar;
  readonly to?: Scalar;
  readonly cidr?: number;
}

/** Offset of a separator, unless the text begins or ends with one. libipset: parse.c, ipset_strchr. */
export function separatorAt(text: string, separator: string): number {
  return text.startsWith(separator) || text.endsWith(separator) ? -1 : text.indexOf(separator);
}

/** Offset of the dash of a range; dashes inside brackets belong to a name. */
function rangeAt(text: string): number {
  const from = text.startsWith("[") ? text.indexOf("]") : 0;
  if (from < 0) return -1;
  const at = separatorAt(text.slice(from), "-");
  return at < 0 ? -1 : from + at;
}

/** The two ends of a range, or one. Brackets around a name keep its dashes. libipset: parse.c, find_range_separator. */
export function splitRange(draft: Draft, text: string): readonly [string] | readonly [string, string] | Failed {
  if (!text.startsWith("[")) {
    const at = separatorAt(text, "-");
    return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
  }
  const close = text.indexOf("]");
  if (close < 0) return draft.report.syntax(`cannot find closing escape character ']' in ${text}`);
  if (close + 1 === text.length) return [text];
  if (text[close + 1] !== "-") return draft.report.syntax(`range separator expected after '${text.slice(0, close + 1)}'`);
  return [text.slice(0, close + 1), text.slice(close + 2)];
}

/** The text without the brackets around it. */
export function stripBrackets(draft: Draft, text: string): string | Failed {
  if (!text.startsWith("[")) return text;
  if (!text.endsWith("]")) return draft.report.syntax(`cannot find closing escape character ']' in ${text}`);
  return text.slice(1, -1);
}

/** An address, a prefix or a range, as far as the form allows. libipset: parse.c, parse_ip. */
export function readAddress(draft: Draft, text: string, form: AddressForm): AddressText | Failed {
  const family = addressFamily(draft);
  draft.family ??= family;
  const slash = separatorAt(text, "/");
  const host = family === 4 ? "/32" : "/128";
  if (form === "single" && (rangeAt(text) >= 0 || (slash >= 0 && text.slice(slash) !== host)))
    return draft.report.syntax(`plain IP address must be supplied: ${text}`);
  if (form === "network" && rangeAt(text) >= 0) return draft.report.syntax(`IP address or IP/cidr must be specified: ${text}`);
  if (slash >= 0) {
    const cidr = readPrefixLength(draft.report, text.slice(slash + 1), 0, family === 4 ? 32 : 128);
    if (cidr === FAILED) return FAILED;
    const ip = readHost(draft, text.slice(0, slash));
    return ip === FAILED ? FAILED : { ip, cidr };
  }
  const ends = splitRange(draft, text);
  if (ends === FAILED) return FAILED;
  const ip = readHost(draft, ends[0]);
  if (ip === FAILED || ends[1] === undefined) return ip === FAILED ? FAILED : { ip };
  const to = readHost(draft, ends[1]);
  return to === FAILED ? FAILED : { ip, to };
}

/** A range or a prefix, which a bitmap's range must be. libipset: parse.c, ipset_parse_netrange. */
export function readNetworkOrRange(draft: Draft, text: string): AddressText | Failed {
  if (rangeAt(text) < 0 && separatorAt(text, "/") < 0) return draft.report.syntax(`IP/cidr or IP-IP range must be specified: ${text}`);
  return readAddress(draft, text, "any");
}

/** One address of the draft's family, or the name of a host. libipset: parse.c, get_hostbyname2. */
export function readHost(draft: Draft, text: string): Scalar | Failed {
  const family = addressFamily(draft);
  const name = stripBrackets(draft, text);
  if (name === FAILED) return FAILED;
  return (
    (family === 6 || /^[0-9.]+$/.test(name) ? parseHost(name, family) : undefined) ??
    draft.hosts(name, family) ??
    draft.report.syntax(`cannot parse ${name}: resolving to ${family === 4 ? "IPv4" : "IPv6"} address failed`)
  );
}
