import {
  natAction,
  natRangeWithoutBase,
  printNatRange,
  someOf,
  type NatFlags,
  type NatRange,
  type TargetType,
} from "../../xtables/index.ts";

const grammar = someOf({
  "to-source": {
    value: natRangeWithoutBase,
    required: true,
    help: "New source: an address or a range of them, a port or a range of them, or both.",
  },
  random: { help: "Choose the port by a random hash." },
  "random-fully": { help: "Choose the port fully at random." },
  persistent: { help: "Give a client the same address for each connection." },
});

interface Snat extends NatFlags {
  readonly to: NatRange;
}

const flagWords = ({ random, randomFully, persistent }: Snat, dashes: string): string =>
  `${random ? ` ${dashes}random` : ""}${randomFully ? ` ${dashes}random-fully` : ""}${persistent ? ` ${dashes}persistent` : ""}`;

/** `-j SNAT`: the connection comes from another source. Kernel: xt_nat.c, xt_snat_target_v1. */
export const SNAT: TargetType<Snat> = {
  name: "SNAT",
  help: "Let the connection come from another source address.",
  tables: ["nat"],
  hooks: ["POSTROUTING", "INPUT"],
  needs: () => ["conntrack", "nat"],
  options: {
    options: grammar.options,
    parse(given, context) {
      const found = grammar.parse(given, context);
      return {
        to: found["to-source"]?.value ?? {},
        random: Boolean(found.random),
        randomFully: Boolean(found["random-fully"]),
        persistent: Boolean(found.persistent),
      };
    },
    save: info => `--to-source ${printNatRange(info.to)}${flagWords(info, "--")}`,
  },
  lower: ({ to: { addresses, ports }, random, randomFully, persistent }) =>
    natAction("source", addresses ? { from: "range", low: addresses[0], high: addresses[1] } : { from: "packet" }, ports, {
      random,
      randomFully,
      persistent,
    }),
  list: info => `to:${printNatRange(info.to)}${flagWords(info, "")}`,
};
