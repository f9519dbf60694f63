import type { SetType } from "../../ruleset/index.ts";
import type { Draft } from "./draft.ts";
import { keywords, type Stage } from "./keywords.ts";

/** A mandatory option that was not given: ranges of bitmaps. libipset: ipset.c, check_mandatory. */
export function missingOption(draft: Draft, type: SetType): string | undefined {
  if (type.method !== "bitmap") return undefined;
  const { create } = draft;
  const whole =
    type.parts[0] === "port"
      ? create.portFrom !== undefined && create.portTo !== undefined
      : create.from !== undefined && (create.to ?? create.cidr) !== undefined;
  if (whole) return undefined;
  const firstMissing = type.parts[0] === "port" ? create.portFrom === undefined : create.from === undefined;
  return firstMissing ? "range" : "to";
}

const BUG = "It's a bug, please report the problem.";

/** Why an entry's form does not go with the command; of a draft that an error emptied even the key is missing. libipset: ipset.c, check_mandatory, check_allowed. */
export function formRefusal(draft: Draft, type: SetType, stage: Stage): string | undefined {
  const { entry, report } = draft;
  const optionless = keywords(type, stage).length === 0;
  if (report.emptied) return optionless ? `There are missing mandatory flags but can't check them. ${BUG}` : undefined;
  const [first] = type.parts;
  const testing = stage === "test";
  const hashIp = type.name === "hash:ip";
  const where = `is not allowed in command ${stage} with set type ${type.name} and family ${familyWord(draft)}`;
  const single = type.name === "bitmap:ip,mac";
  if (entry.ipTo !== undefined && testing && !hashIp) return `FROM-TO IP range ${where}`;
  if (entry.cidr !== undefined && (single || (testing && !hashIp && first !== "net"))) return `IP/CIDR range ${where}`;
  if (entry.portTo !== undefined && testing) return `FROM-TO port range ${where}`;
  if (entry.cidr2 === undefined || type.parts[2] !== "ip") return undefined;
  const why = optionless ? "option list is empty" : "can't resolve them";
  return `There are not allowed options (28) but ${why}. ${BUG}`;
}

function familyWord({ family }: Draft): string {
  return family === 4 ? "inet" : family === 6 ? "inet6" : "unspec";
}
