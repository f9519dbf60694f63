import type { CheckedRules } from "../../analysis/assertions/index.ts";
import { NO_DOCUMENTS, type Documents } from "../state/documents.ts";
import { readFirewall } from "../work/firewall.ts";
import type { TestedTexts } from "./run.ts";

/** The rules of a name, why they cannot be had, or undefined for a name that nothing is known by. */
export type NamedRules = { readonly rules: CheckedRules } | { readonly fault: string } | undefined;

/**
 * What names of files mean in the page: `as opened`, `rules.v4` and `rules.v6` as the editor has them, else a file that was attached. Sets and machine
 * are those of the editor where the other says none. `at` in µs since the epoch, for entries of sets that time out.
 */
export function namedRules(name: string, tested: TestedTexts, at: number): NamedRules {
  const texts = textsOf(name, tested);
  if (texts === undefined) return undefined;
  const { sets, host } = tested.now;
  const read = readFirewall({ ...texts, sets: texts.sets || sets, host: texts.host || host }, at);
  const fault = read.faults.find(({ severity, document }) => severity === "error" && (document === "rules4" || document === "rules6"));
  if (fault) return { fault: `${name}, line ${fault.line}: ${fault.message}` };
  if (read.v4 === undefined && read.v6 === undefined) return { fault: `${name} holds no rules` };
  return { rules: { v4: read.v4, v6: read.v6, host: read.host, sets: read.sets } };
}

function textsOf(name: string, { now, opened, attached }: TestedTexts): Documents | undefined {
  if (name === "as opened") return opened;
  if (name === "rules.v4") return { ...NO_DOCUMENTS, rules4: now.rules4 };
  if (name === "rules.v6") return { ...NO_DOCUMENTS, rules6: now.rules6 };
  return attached.get(name) ?? attached.get(name.slice(name.lastIndexOf("/") + 1));
}
