import { printAddress, protocolName, PROTOCOL } from "../../packet/index.ts";
import type { Scalar } from "../../predicate/index.ts";
import { secondsLeft, type EntryRequest, type Listed, type SetType } from "../../ruleset/index.ts";
import { printIcmpCode } from "./icmp-codes.ts";

/** The key of an entry, as listed or as asked for; a range shows its ends, and what is asked for does not show `physdev:`. libipset: print.c, ipset_print_elem. */
export function printElement(type: SetType, element: EntryRequest, asked = false): string {
  const parts: string[] = [];
  for (const [i, part] of type.parts.entries()) {
    switch (part) {
      case "ip":
      case "net":
        parts.push(i === 0 ? printPlace(element.ip, element.cidr, element.ipTo) : printPlace(element.ip2, element.cidr2, element.ipTo));
        break;
      case "port":
        parts.push(printPort(element));
        break;
      case "mac":
        if (element.mac !== undefined) parts.push(printEther(element.mac));
        break;
      case "mark":
        parts.push(printHex(element.mark ?? 0));
        break;
      case "iface":
        parts.push(`${element.physdev === true && !asked ? "physdev:" : ""}${element.iface ?? ""}`);
        break;
      case "name":
        parts.push(`${element.name ?? ""}${element.reference === undefined ? "" : ` after ${element.reference}`}`);
        break;
    }
  }
  return parts.join(",");
}

/** An address with its prefix length unless it is a host's. */
function printPlace(ip: Scalar | undefined, cidr: number | undefined, to: Scalar | undefined): string {
  if (ip === undefined) return "";
  const length = cidr === undefined || cidr === (typeof ip === "number" ? 32 : 128) ? "" : `/${cidr}`;
  return `${printAddress(ip)}${length}${to === undefined ? "" : `-${printAddress(to)}${length}`}`;
}

function printPort({ protocol, port = 0, portTo }: EntryRequest): string {
  const range = `${port}${portTo === undefined ? "" : `-${portTo}`}`;
  if (protocol === undefined) return range;
  const name = protocol === 0 ? "ip" : (protocolName(protocol) ?? String(protocol));
  if (protocol === PROTOCOL.ICMP) return `${name}:${printIcmpCode(port, 4)}`;
  if (protocol === PROTOCOL.ICMPV6) return `${name}:${printIcmpCode(port, 6)}`;
  return `${name}:${range}`;
}

function printEther(mac: number): string {
  return (mac.toString(16).toUpperCase().padStart(12, "0").match(/../g) ?? []).join(":");
}

/** Eight hexadecimal digits. */
export function printHex(value: number): string {
  return `0x${value.toString(16).padStart(8, "0")}`;
}

/** One option of an entry: its keyword, and its value unless it is a flag. */
export type Shown = readonly [name: string, value?: string];

/** What an entry carries, in the order in which it is listed. */
export function entryOptions(
  entry: Listed,
  extensions: { readonly timeout: number | undefined; readonly counters: boolean },
  now: number,
): readonly Shown[] {
  const { element, extras, nomatch } = entry;
  const { mark, mask, priority, queue } = extras.skb;
  const shown: Shown[] = [];
  if (extensions.timeout !== undefined) shown.push(["timeout", String(entry.waiting === true ? extras.until : secondsLeft(extras, now))]);
  if (nomatch) shown.push(["nomatch"]);
  if (element.wildcard === true) shown.push(["wildcard"]);
  if (extensions.counters) shown.push(["packets", String(extras.packets)], ["bytes", String(extras.bytes)]);
  if (extras.comment !== "") shown.push(["comment", `"${extras.comment}"`]);
  if (mark !== 0 || mask !== 0) shown.push(["skbmark", `0x${mark.toString(16)}${mask === 0xffffffff ? "" : `/0x${mask.toString(16)}`}`]);
  if (priority !== 0) shown.push(["skbprio", `${(priority >>> 16).toString(16)}:${(priority & 0xffff).toString(16)}`]);
  if (queue !== 0) shown.push(["skbqueue", String(queue)]);
  return shown;
}
