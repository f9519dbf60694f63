import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { dissect, isFault, unhex } from "../packet/index.ts";
import type { Facts, Family } from "../predicate/index.ts";
import { bindTarget, type Given, type NameTables } from "../xtables/index.ts";
import { HMARK } from "./targets/HMARK.ts";

/** The mark that Linux 6.18 gave to a packet in raw PREROUTING, where fragments are not yet put together; 0 where it gave none. */
type Measured = readonly [family: Family, options: string, packet: string, mark: number];
const MEASURED = JSON.parse(readFileSync(new URL("./hash-tuple-measured.json", import.meta.url), "utf8")) as readonly Measured[];

const names: NameTables = { user: () => undefined, group: () => undefined, service: () => undefined, serviceName: () => undefined };

function marked([family, options, packet]: Measured): number {
  const words = options.split(" ");
  const given = words.flatMap((word, at): Given[] =>
    word.startsWith("--") ? [{ option: word.slice(2), text: words[at + 1] ?? "", invert: false }] : [],
  );
  const context = {
    family,
    table: "raw",
    protocol: 0,
    protocolName: "all",
    protocolInverted: false,
    inInterface: "",
    outInterface: "",
    matches: [],
  } as const;
  const { action } = bindTarget(HMARK, given, context, { family, protocol: "all", names, warn: () => undefined });
  if (action.do !== "set" || typeof action.value !== "object" || !("of" in action.value)) throw new Error("HMARK computes a mark");
  const bytes = unhex(packet);
  const layout = dissect(bytes);
  if (isFault(layout)) throw new Error(layout.fault);
  // Nothing but bytes is looked at where no connection is asked for.
  const facts = { family, bytes, l4: layout.l4, end: layout.totalLength, value: () => undefined } as unknown as Facts;
  return action.value.of(facts) ?? 0;
}

test("marks are the kernel's, of whole, cut and fragmented packets and of what is inside ICMP errors", () => {
  expect(MEASURED.length).toBeGreaterThan(100);
  expect(MEASURED.map(row => [...row.slice(0, 3), marked(row)])).toEqual(MEASURED);
});
