import type { RulePlace, TraceEvent } from "../../engine/index.ts";
import type { TraceStep } from "../state/traced.ts";
import { PacketFields } from "./packet-fields.ts";

/** A step that is being written. */
export type Draft = { -readonly [Key in keyof TraceStep]: TraceStep[Key] };

/** A packet that is being told of: the packet itself, or an answer or copy on its way out. */
export interface Told {
  readonly fields: PacketFields;
  readonly beside: TraceStep["beside"];
  hook: TraceStep["hook"];
  table: string | undefined;
  chain: string | undefined;
  connection: string | undefined;
  /** The step of the rule that matched last. */
  rule: Draft | undefined;
}

/** A packet that has just begun; `mark` is the one that it came with. */
export function begin(bytes: Uint8Array, beside: TraceStep["beside"], input: string, mark: number | undefined): Told {
  const fields = new PacketFields(bytes, { in: input, mark });
  return { fields, beside, hook: undefined, table: undefined, chain: undefined, connection: undefined, rule: undefined };
}

/** The same packet, come in again. */
export function again(told: Told, { bytes, in: input }: Extract<TraceEvent, { event: "packet" }>): Told {
  told.fields.bytes(bytes);
  told.fields.set("iif", input);
  told.fields.set("oif", undefined);
  return { ...told, hook: undefined, table: undefined, chain: undefined, rule: undefined };
}

/** Is a step that of the rule at a place? */
export const isPlace = (rule: Draft | undefined, { table, chain, number }: RulePlace): boolean =>
  rule !== undefined && rule.table === table && rule.chain === chain && rule.number === number;

/** Where the rule that matched last stands. */
export const placed = ({ rule }: Told): Partial<TraceStep> => (rule ? { chain: rule.chain, number: rule.number, line: rule.line } : {});
