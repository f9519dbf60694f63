import type { Family } from "../predicate/index.ts";
import { HostDraft, type IpPart } from "./capture.ts";
import { faultAt, type HostFault, type HostReading, type NamedText } from "./fault.ts";
import { readHostObject } from "./file-schema.ts";
import type { Host } from "./host.ts";
import { complain } from "./json-reader.ts";
import { parseJsonTexts, type JsonNode } from "./json-text.ts";

/**
 * A host from a file: what `ferrule host` wrote (printHost), or one or more documents of `ip -j addr`, `ip -j route` and `ip -j rule`
 * one after the other. Every fault has its place.
 */
export function parseHostFile(source: NamedText): HostReading<Host> {
  const documents = parseJsonTexts(source.text);
  if ("message" in documents) return refused([faultAt(source, documents.at, documents.at + 1, documents.message)]);
  const [first] = documents;
  if (!first) return refused([faultAt(source, 0, 1, "the file is empty: expected a host as `ferrule host` prints it")]);
  if (first.is === "object" && documents.length === 1) return readHostObject(source, first);
  const draft = new HostDraft();
  const faults: HostFault[] = [];
  const seen = new Set<string>();
  for (const node of documents) {
    const part = partOf(node, seen);
    if (part) draft.read(source, node, part);
    else if (node.is !== "array" || node.items.length > 0)
      complain(
        { source, faults },
        { start: node.start, end: node.start + 1 },
        "expected a host as `ferrule host` prints it, or what `ip -j addr`, `route` or `rule` prints",
      );
  }
  return faults.length > 0 ? refused(faults) : draft.host();
}

const refused = (faults: readonly HostFault[]): HostReading<Host> => ({ value: undefined, faults });

/** What a document of `ip -j` holds, by the keys of its items; undefined for an empty list or something else. */
function partOf(node: JsonNode, seen: Set<string>): IpPart | undefined {
  if (node.is !== "array") return undefined;
  const item = node.items.find(each => each.is === "object" && each.entries.size > 0);
  if (item?.is !== "object") return undefined;
  if (item.entries.has("ifname")) return { holds: "addresses" };
  if (item.entries.has("priority")) return { holds: "rules", family: rulesFamily(node.items, seen) };
  return item.entries.has("dst") ? { holds: "routes", family: mentions6(node.items) ? 6 : 4 } : undefined;
}

/** Rules without an address do not tell their family: the IPv4 ones end with the table `default`, and come first. */
function rulesFamily(items: readonly JsonNode[], seen: Set<string>): Family {
  const family = mentions6(items) || (seen.has("rules") && !mentionsTable(items, "default")) ? 6 : 4;
  seen.add("rules");
  return family;
}

function mentions6(items: readonly JsonNode[]): boolean {
  return textsOf(items, ["dst", "gateway", "prefsrc", "src"]).some(text => text.includes(":"));
}

function mentionsTable(items: readonly JsonNode[], table: string): boolean {
  return textsOf(items, ["table"]).includes(table);
}

function textsOf(items: readonly JsonNode[], keys: readonly string[]): readonly string[] {
  return items.flatMap(item =>
    item.is === "object"
      ? keys.flatMap(key => {
          const value = item.entries.get(key)?.value;
          return value?.is === "string" ? [value.value] : [];
        })
      : [],
  );
}
