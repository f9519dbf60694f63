import { all, any, bits, CT_STATE, equal, not, type Predicate } from "../../predicate/index.ts";
import { addressTest, checkNames } from "../question/lower-addresses.ts";
import { interfaceTest } from "../question/lower-interfaces.ts";
import { portTest, serviceTest, type LoweredQuestion } from "../question/lower-question.ts";
import type { Standing } from "../question/surroundings.ts";
import type { QuestionFault } from "../question/question.ts";
import { reading } from "../question/reader.ts";
import type { Surroundings } from "../question/surroundings.ts";
import { PATHS, type Path } from "../witness.ts";
import type { Invariant, PacketCondition } from "./invariant.ts";

/**
 * The condition of an invariant as a predicate for each family and path. A condition on an interface is about packets that have one; packets of
 * the machine to itself are not meant, unless `only` says which paths are.
 */
export function lowerInvariant(
  { when }: Invariant,
  surroundings: Surroundings,
  only?: readonly Path[],
): readonly LoweredQuestion[] | QuestionFault {
  return reading(() => {
    for (const part of partsOf(when)) if (part.is === "address") checkNames(part.among, surroundings);
    const fields = new Set(partsOf(when).flatMap(part => (part.is === "interface" ? [part.field] : [])));
    const paths =
      only ?? PATHS.filter(path => path !== "local" && !(fields.has("in") && path === "out") && !(fields.has("out") && path === "in"));
    return ([4, 6] as const).flatMap(family =>
      paths.map(path => ({ family, path, of: conditionTest(when, { family, path, surroundings }) })),
    );
  });
}

function partsOf(condition: PacketCondition): readonly PacketCondition[] {
  switch (condition.is) {
    case "not":
      return partsOf(condition.of);
    case "all":
    case "any":
      return condition.of.flatMap(partsOf);
    default:
      return [condition];
  }
}

function conditionTest(condition: PacketCondition, standing: Standing): Predicate {
  switch (condition.is) {
    case "interface":
      return interfaceTest(condition.among, condition.field === "in" ? "iif" : "oif");
    case "address":
      return addressTest(condition.among, condition.field === "src" ? "saddr" : "daddr", standing);
    case "port":
      return portTest(condition.among, condition.field);
    case "service": {
      const { service } = condition;
      return service.is === "icmp" && service.family !== standing.family ? any() : all(...serviceTest(service, standing.family));
    }
    case "state":
      return any(...condition.states.map(state => equal("ctstate", CT_STATE[state])));
    case "flags":
      return bits("tcpflags", condition.flags.mask, condition.flags.value);
    case "not":
      return not(conditionTest(condition.of, standing));
    case "all":
      return all(...condition.of.map(part => conditionTest(part, standing)));
    case "any":
      return any(...condition.of.map(part => conditionTest(part, standing)));
  }
}
