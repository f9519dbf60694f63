import { bits, invertIf } from "../../predicate/index.ts";
import { mappedMark, printMapped, someOf, type MatchType, type Masked, type Parsed, type Word } from "../../xtables/index.ts";

/** Realms that a Debian machine has names for. iproute2: rt_realms. */
const REALMS: readonly Word<number>[] = [["cosmos", 0]];

const spec = {
  realm: { value: mappedMark(REALMS), invert: true, required: true, help: "Realm of the packet's route, by number or by name." },
} as const;
const grammar = someOf(spec);
const NONE = { value: { value: 0, mask: 0 }, invert: false };

/** `-m realm`: the realm of the route that the packet takes. Kernel: xt_realm.c, realm_mt. Bits of the value outside the mask never match. */
export const realm: MatchType<{ readonly realm?: Parsed<Masked> }> = {
  name: "realm",
  help: "Match the realm of the packet's route.",
  families: [4],
  hooks: ["INPUT", "FORWARD", "OUTPUT", "POSTROUTING"],
  options: grammar,
  lower({ realm: { value, invert } = NONE }) {
    return { predicate: invertIf(invert, bits("realm", value.mask, value.value)) };
  },
  list: ({ realm: { value, invert } = NONE }, { numeric }) => `${invert ? "! " : ""}realm ${printMapped(value, numeric ? [] : REALMS)}`,
};
