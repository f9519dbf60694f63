import type { Finding, Fix, Severity } from "../finding.ts";
import type { RulePointer, Witness } from "../witness.ts";
import { findKind } from "./kinds/index.ts";

/** A finding of a kind at a place; the severity is the kind's unless given. */
export function found(
  code: string,
  at: RulePointer,
  message: string,
  more: {
    readonly severity?: Severity;
    readonly related?: readonly RulePointer[];
    readonly witness?: Witness | undefined;
    readonly fix?: Fix | undefined;
  } = {},
): Finding {
  const { severity, related = [], witness, fix } = more;
  return {
    code,
    severity: severity ?? findKind(code)?.severity ?? "warning",
    family: at.family,
    at,
    message,
    related,
    ...(witness !== undefined && { witness }),
    ...(fix !== undefined && { fix }),
  };
}

/** The fix that takes a rule away. */
export const deletion = ({ table, chain, number }: RulePointer, about = "delete the rule"): Fix => ({
  about,
  edits: number === undefined ? [] : [{ do: "delete", table, chain, number }],
});
