import { printAddress } from "../../packet/index.ts";
import type { Effect, Facts } from "../../predicate/index.ts";
import { exactWord, someOf, UsageError, type TargetType, type Value } from "../../xtables/index.ts";

/** Kernel: enum of xt_AUDIT.h. The kernel writes the same record for each of them. */
type AuditType = "accept" | "drop" | "reject";

const TYPES: readonly (readonly [AuditType, AuditType])[] = [
  ["accept", "accept"],
  ["drop", "drop"],
  ["reject", "reject"],
];

const auditType: Value<AuditType> = {
  shape: "type",
  words: TYPES.map(([name]) => name),
  parse(text) {
    const found = exactWord(TYPES, text);
    if (!found) throw new UsageError(`Bad action type value "${text}"`);
    return found[1];
  },
  print: type => type,
};

const grammar = someOf({ type: { value: auditType, required: true, help: "What happens to the packet: accept, drop or reject." } });

interface Audit {
  readonly type: AuditType;
}

/** A record of type NETFILTER_PKT; a mark of 0 stands as all ones. Kernel: xt_AUDIT.c, audit_tg. */
function record(facts: Facts): string {
  const mark = Number(facts.value("mark")) || 0xffffffff;
  const end = (field: "saddr" | "daddr"): string => {
    const address = facts.value(field);
    return address === undefined || typeof address === "string" ? "?" : printAddress(address);
  };
  return `mark=0x${mark.toString(16)} saddr=${end("saddr")} daddr=${end("daddr")} proto=${Number(facts.value("protocol") ?? -1)}`;
}

/** `-j AUDIT`: a record of the packet for the audit daemon; the packet goes on. Kernel: xt_AUDIT.c, audit_tg. */
export const AUDIT: TargetType<Audit> = {
  name: "AUDIT",
  help: "Write an audit record of the packet and go on.",
  options: {
    options: grammar.options,
    parse: (given, context) => ({ type: grammar.parse(given, context).type?.value ?? "accept" }),
    save: ({ type }) => `--type ${type}`,
  },
  lower: ({ type }): Effect<undefined> => ({
    do: "effect",
    name: "AUDIT",
    about: `audit record of a packet to ${type}`,
    start: () => undefined,
    step: (_, facts) => record(facts),
  }),
  list: ({ type }) => `AUDIT ${type}`,
};
