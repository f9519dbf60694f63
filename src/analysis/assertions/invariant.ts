import type { CtState } from "../../packet/index.ts";
import type { AddressSet, FlagTest, InterfaceSet, PortSet, Service } from "../question/question.ts";

/** A condition on a packet. */
export type PacketCondition =
  | { readonly is: "interface"; readonly field: "in" | "out"; readonly among: InterfaceSet }
  | { readonly is: "address"; readonly field: "src" | "dst"; readonly among: AddressSet }
  | { readonly is: "port"; readonly field: "sport" | "dport"; readonly among: PortSet }
  | { readonly is: "service"; readonly service: Service }
  | { readonly is: "state"; readonly states: readonly CtState[] }
  | { readonly is: "flags"; readonly flags: FlagTest }
  | { readonly is: "not"; readonly of: PacketCondition }
  | { readonly is: "all" | "any"; readonly of: readonly PacketCondition[] };

/** How packets end: `drop` without an answer, `reject` with one, `deny` either way. */
export const ENDINGS = ["accept", "drop", "reject", "deny"] as const;
export type Ending = (typeof ENDINGS)[number];

/** Every packet that the condition holds for ends like this: `out != tun0 implies drop`. */
export interface Invariant {
  readonly when: PacketCondition;
  readonly implies: Ending;
}
