import { invertIf } from "../../predicate/index.ts";
import { printBits, someOf, UsageError, wordBits, type MatchType, type Value } from "../../xtables/index.ts";
import { lowerState, PRINTED_STATES, STATE_WORDS } from "../connection-state.ts";

interface State {
  /** Bits of STATE. */
  readonly mask: number;
  readonly invert: boolean;
}

const stateList: Value<number> = {
  shape: "state[,state...]",
  words: STATE_WORDS.map(([name]) => name),
  parse: text =>
    wordBits(text, STATE_WORDS, (rest, last) =>
      last && rest === ""
        ? new UsageError('"--state" requires a list of states with no spaces, e.g. ESTABLISHED,RELATED')
        : new UsageError(`Bad state "${rest}"`),
    ),
  print: mask => printBits(mask, PRINTED_STATES),
};

const grammar = someOf({
  state: { value: stateList, invert: true, required: true, help: "The packet is in one of these connection states." },
});

/** `-m state`: the connection state alone; an older name for a part of conntrack. Kernel: xt_conntrack.c, conntrack_mt_v3, as iptables 1.8.9 loads it. */
export const state: MatchType<State> = {
  name: "state",
  help: "Match the connection state of the packet.",
  needs: () => ["conntrack"],
  options: {
    options: grammar.options,
    parse(given, context) {
      const { state: parsed } = grammar.parse(given, context);
      return { mask: parsed?.value ?? 0, invert: parsed?.invert ?? false };
    },
    save: ({ mask, invert }, family) => `${invert ? "! " : ""}--state ${stateList.print(mask, family)}`,
  },
  lower: ({ mask, invert }) => ({ predicate: invertIf(invert, lowerState(mask)) }),
  list: ({ mask, invert }, _, family) => `${invert ? "! " : ""}state ${stateList.print(mask, family)}`,
};
