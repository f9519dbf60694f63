import { printFlagTest } from "../question/flags.ts";
import { printAddresses, printInterfaces, printPorts, printService } from "../question/print-question.ts";
import type { Invariant, PacketCondition } from "./invariant.ts";

/** An invariant in its canonical words; `readInvariant` reads the same back. */
export const printInvariant = ({ when, implies }: Invariant): string => `${printCondition(when, "any")} implies ${implies}`;

/** `within` says what the text becomes part of: parentheses stand only where they are needed. */
function printCondition(condition: PacketCondition, within: "any" | "all" | "not"): string {
  switch (condition.is) {
    case "interface":
      return `${condition.field} = ${printInterfaces(condition.among)}`;
    case "address":
      return `${condition.field} = ${printAddresses(condition.among)}`;
    case "port":
      return `${condition.field} = ${printPorts(condition.among)}`;
    case "service":
      return `proto = ${printService(condition.service) || "any"}`;
    case "state":
      return `state = ${condition.states.join(",")}`;
    case "flags":
      return `flags = ${printFlagTest(condition.flags)}`;
    case "not": {
      const { of } = condition;
      const text = printCondition(of, "not");
      return of.is === "not" || of.is === "all" || of.is === "any" ? `not ${text}` : text.replace(" = ", " != ");
    }
    case "all":
    case "any": {
      if (condition.of.length === 0) return condition.is === "all" ? "any" : "not any";
      const text = condition.of.map(part => printCondition(part, condition.is)).join(condition.is === "all" ? " and " : " or ");
      return within === "any" || condition.of.length === 1 || (within === "all" && condition.is === "all") ? text : `(${text})`;
    }
  }
}
