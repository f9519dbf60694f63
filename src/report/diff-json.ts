import { isEqual, type DiffReport, type DiffRow, type Fate } from "../analysis/diff/index.ts";
import { addressRange } from "../analysis/names/index.ts";
import { pointerJson, serviceJson, witnessJson } from "./policy-json.ts";
import type { Json } from "./trace-json.ts";

/** Version of the JSON that `diff --json` prints; docs/json.md describes it. */
export const DIFF_JSON_VERSION = 1;

/** A comparison as JSON: addresses as text, ports and protocols as pairs of numbers. */
export function diffJson(report: DiffReport): Json {
  const { compared, names, families, strict, rows, left, undone, assumptions } = report;
  return {
    ferrule: "diff",
    version: DIFF_JSON_VERSION,
    compared,
    names,
    families,
    strict,
    equal: isEqual(report),
    rows: rows.map(rowJson),
    left,
    undone: undone.map(({ family, path, reason }) => ({ family, path, reason })),
    assumptions,
  };
}

const rowJson = ({ change, about, sort, state, family, path, services, clients, servers, from, to, certainty, ...row }: DiffRow): Json => ({
  change,
  about,
  sort: sort ?? null,
  state: state ?? null,
  family,
  path,
  services: services.map(serviceJson),
  rest: row.rest,
  from: { name: from, addresses: clients.map(addressRange) },
  to: { name: to, addresses: servers.map(addressRange) },
  in: row.in ?? null,
  out: row.out ?? null,
  dependsOn: certainty.sure ? [] : certainty.depends,
  before: fateJson(row.before),
  after: fateJson(row.after),
});

const fateJson = ({ text, by, witness, confirmation }: Fate): Json => ({
  text,
  decidedBy: by ? pointerJson(by) : null,
  witness: witness ? witnessJson(witness) : null,
  confirmed: confirmation?.confirmed ?? null,
  doubt: confirmation === undefined || confirmation.confirmed ? null : confirmation.reason,
});
