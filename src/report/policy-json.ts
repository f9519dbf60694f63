import { addressRange } from "../analysis/names/index.ts";
import type { PolicyReport, PolicyRow, PolicySection, ServiceClass, StrayRow } from "../analysis/policy-report.ts";
import type { Ranges, RulePointer, Witness } from "../analysis/witness.ts";
import type { Json } from "./trace-json.ts";

/** Version of the JSON that `policy --json` prints; docs/json.md describes it. */
export const POLICY_JSON_VERSION = 1;

/** What a firewall allows as JSON: addresses as text, ports and protocols as pairs of numbers. */
export const policyJson = ({ sections, summary, assumptions }: PolicyReport): Json => ({
  ferrule: "policy",
  version: POLICY_JSON_VERSION,
  summary,
  assumptions,
  sections: sections.map(sectionJson),
});

const sectionJson = ({ family, path, exact, classes, usable, halfOpen, strays, refusals, complete }: PolicySection): Json => ({
  family,
  path,
  exact,
  classes: classes.map(({ id, name, ranges }) => ({ id, name, addresses: ranges.map(addressRange) })),
  usable: usable.map(rowJson),
  halfOpen: halfOpen.map(rowJson),
  strays: strays.map(strayJson),
  refusals,
  complete,
});

const rowJson = ({ services, from, to, fails, certainty, witness, ...row }: PolicyRow): Json => ({
  services: services.map(serviceJson),
  from: { name: from, classes: row.clients },
  to: { name: to, classes: row.servers },
  in: row.in ?? null,
  out: row.out ?? null,
  through: row.through,
  with: row.with ?? [],
  becomes: row.becomes ?? [],
  fails: fails ? { role: fails.role, by: fails.by ? pointerJson(fails.by) : null } : null,
  dependsOn: certainty.sure ? [] : certainty.depends,
  witness: witness ? witnessJson(witness) : null,
  decidedBy: row.decidedBy.map(pointerJson),
});

const strayJson = ({ kind, about, where, certainty, witness, decidedBy }: StrayRow): Json => ({
  kind,
  about,
  where,
  dependsOn: certainty.sure ? [] : certainty.depends,
  witness: witnessJson(witness),
  decidedBy: decidedBy.map(pointerJson),
});

/** A service as JSON. */
export const serviceJson = ({ name, protocols, ports, sourcePorts, icmpTypes }: ServiceClass): Json => ({
  name,
  protocols: numbers(protocols),
  ports: ports ? numbers(ports) : null,
  sourcePorts: sourcePorts ? numbers(sourcePorts) : null,
  icmpTypes: icmpTypes ? numbers(icmpTypes) : null,
});

const numbers = (ranges: Ranges): Json => ranges.map(([low, high]) => [Number(low), Number(high)]);

/** A witness as JSON. */
export const witnessJson = ({ packet, about, claim, role, depends }: Witness): Json => ({
  packet,
  about,
  claim,
  role: role ?? null,
  depends: depends.map(({ about, holds }) => ({ about, holds })),
});

/** A rule or policy as JSON. */
export const pointerJson = ({ family, table, chain, number, file, line, text }: RulePointer): Json => ({
  family,
  table,
  chain,
  number: number ?? null,
  file,
  line,
  text,
});
