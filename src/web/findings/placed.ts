import type { Finding } from "../../analysis/index.ts";
import { areStale, findings } from "../state/findings.ts";
import { reading } from "../state/reading.ts";
import { movedFindings } from "./moved.ts";

/** The findings as they stand in the text now: while a changed text is looked at, the older ones move with their rules. */
export function placedFindings(): readonly Finding[] {
  const list = findings.peek() ?? [];
  return list.length > 0 && areStale.peek() ? movedFindings(list, reading.peek()?.tables ?? []) : list;
}
