import type { Family } from "../predicate/index.ts";
import type { PolicyRule } from "./host.ts";
import { complain, count, items, members, parsed, text, type Reading } from "./json-reader.ts";
import type { JsonEntry, JsonNode } from "./json-text.ts";
import type { TableNumber } from "./ip-route-json.ts";
import { networkOf, readAddress, readCount } from "./network-text.ts";

/** Tests of a policy rule that Host does not know: such a rule is left out, and a note says so. */
const BEYOND = ["ipproto", "sport", "dport", "uid_start", "tun_id", "suppress_ifgroup", "l3mdev", "flowlabel"];

type Members = ReadonlyMap<string, JsonEntry>;

/** The rules of `ip -j rule` or `ip -j -6 rule`. */
export function readIpRules(
  reading: Reading,
  node: JsonNode,
  family: Family,
  tableNumber: TableNumber,
  notes: string[],
): readonly PolicyRule[] {
  return items(reading, node).flatMap(item => {
    const found = members(reading, item);
    if (!found || found.size === 0) return [];
    const priority = count(reading, found.get("priority")?.value, 0xffffffff);
    if (priority === undefined) {
      if (!found.has("priority")) complain(reading, item, "a policy rule has no priority");
      return [];
    }
    const beyond = BEYOND.find(key => found.has(key));
    if (beyond !== undefined) {
      notes.push(`the IPv${family} policy rule ${priority} does not apply: its test of ${beyond.replace("_start", "")} is not modelled`);
      return [];
    }
    const action = actionOf(reading, found, tableNumber);
    return action ? [{ family, priority, ...tests(reading, found, family), ...action }] : [];
  });
}

function tests(reading: Reading, found: Members, family: Family): Partial<PolicyRule> {
  const from = end(reading, found, "src", "srclen", family);
  const to = end(reading, found, "dst", "dstlen", family);
  const mark = number(reading, found, "fwmark");
  const iif = text(reading, found.get("iif")?.value);
  const oif = text(reading, found.get("oif")?.value);
  const tos = number(reading, found, "tos");
  const suppress = count(reading, found.get("suppress_prefixlen")?.value, 128);
  const realm = (key: string): number => readCount(text(reading, found.get(key)?.value) ?? "", 0xffff) ?? 0;
  return {
    ...(found.has("not") && { invert: true }),
    ...(from && { from }),
    ...(to && { to }),
    ...(mark !== undefined && { mark: { value: mark, mask: number(reading, found, "fwmask") ?? 0xffffffff } }),
    ...(iif !== undefined && { iif }),
    ...(oif !== undefined && { oif }),
    ...(tos !== undefined && { tos }),
    ...(suppress !== undefined && { suppressPrefixLength: suppress }),
    ...((found.has("flow_from") || found.has("flow_to")) && { realm: realm("flow_from") * 0x10000 + realm("flow_to") }),
  };
}

function end(reading: Reading, found: Members, key: string, lengthKey: string, family: Family): PolicyRule["from"] {
  const node = found.get(key)?.value;
  if (node?.is === "string" && node.value === "all") return undefined;
  const address = parsed(reading, node, "an address", readAddress);
  if (!address) return undefined;
  const bits = family === 4 ? 32 : 128;
  const network = { ...address, prefixLength: count(reading, found.get(lengthKey)?.value, bits) ?? bits };
  return { address: networkOf(network), prefixLength: network.prefixLength };
}

function number(reading: Reading, found: Members, key: string): number | undefined {
  return parsed(reading, found.get(key)?.value, "a number of 32 bits", given => readCount(given, 0xffffffff));
}

function actionOf(reading: Reading, found: Members, tableNumber: TableNumber): Pick<PolicyRule, "action" | "table" | "goto"> | undefined {
  if (found.has("goto")) {
    const goto = count(reading, found.get("goto")?.value, 0xffffffff);
    return goto === undefined ? undefined : { action: "goto", goto };
  }
  const node = found.get("action")?.value;
  const given = text(reading, node);
  switch (given) {
    case undefined:
    case "to_tbl":
      return { action: "table", table: tableNumber(text(reading, found.get("table")?.value) ?? "main") };
    case "blackhole":
    case "unreachable":
    case "prohibit":
    case "nop":
      return { action: given };
    default:
      return node && complain(reading, node, `unknown action of a policy rule "${given}"`);
  }
}
