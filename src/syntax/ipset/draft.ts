import type { Family } from "../../predicate/index.ts";
import type { CreateRequest, EntryRequest, SetType } from "../../ruleset/index.ts";
import type { Report } from "./report.ts";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Numeric addresses of host names; nothing is looked up unless someone says how. */
export type HostLookup = (name: string, family: Family) => number | bigint | undefined;

/** What has been read of one command. libipset: struct ipset_data. */
export interface Draft {
  readonly report: Report;
  readonly hosts: HostLookup;
  type: SetType | undefined;
  /** 0 is no family: `any`. */
  family: Family | 0 | undefined;
  readonly create: Writable<Omit<CreateRequest, "family">>;
  readonly entry: Writable<EntryRequest>;
  /** Options that have been given, by the name of what they set. */
  readonly given: Set<string>;
}

/** An empty draft. */
export function emptyDraft(report: Report, hosts: HostLookup): Draft {
  return { report, hosts, type: undefined, family: undefined, create: {}, entry: {}, given: new Set() };
}

/** The family that addresses are read in: IPv4 where none is said, or where an error has emptied the draft. */
export function addressFamily(draft: Draft): Family {
  return draft.family === 6 && !draft.report.emptied ? 6 : 4;
}
