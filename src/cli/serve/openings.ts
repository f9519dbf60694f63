import { usageFault } from "../fault.ts";
import { kernelChoice, kernelOpening } from "./kernel-document.ts";
import type { Opening } from "./opening.ts";
import type { Root } from "./root.ts";
import { rulesOpening, type OpeningFlags, type RuleFiles } from "./rules-document.ts";

/** The firewalls that the command line names: files named alike but for `v4` and `v6` at the end, one after the other, are one. */
export function openingsOf(paths: readonly string[], flags: OpeningFlags, root: Root | undefined): readonly Opening[] {
  if (flags.v6 !== undefined && paths.length !== 1) throw usageFault("--v6", "it goes with the IPv4 rules in one RULES");
  if (paths.filter(path => path === "-").length > 1) throw usageFault("-", "standard input can be read once only");
  const { v6, ...rest } = flags;
  return pairs(paths, v6).map((files, index) => {
    const id = String(index + 1);
    const choice = kernelChoice(files.rules);
    return choice === undefined ? rulesOpening(id, files, rest, root) : kernelOpening(id, choice);
  });
}

function pairs(paths: readonly string[], v6: string | undefined): readonly RuleFiles[] {
  const found: RuleFiles[] = [];
  for (let index = 0; index < paths.length; index++) {
    const rules = paths[index] ?? "";
    const next = paths[index + 1];
    const together = rules.endsWith("v4") && next === `${rules.slice(0, -1)}6`;
    if (together) index++;
    found.push({ rules, v6: together ? next : v6 });
  }
  return found;
}
