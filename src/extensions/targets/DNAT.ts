import { natAction, natRange, printNatRange, someOf, type NatFlags, type NatRange, type TargetType } from "../../xtables/index.ts";

const grammar = someOf({
  "to-destination": {
    value: natRange,
    required: true,
    help: "New destination: an address or a range of them, a port or a range of them, or both.",
  },
  random: { help: "Choose the port at random." },
  persistent: { help: "Give a client the same address for each connection." },
});

interface Dnat extends NatFlags {
  readonly to: NatRange;
}

/** `-j DNAT`: the connection goes to another destination. Kernel: xt_nat.c, xt_dnat_target_v2. */
export const DNAT: TargetType<Dnat> = {
  name: "DNAT",
  help: "Send the connection to another destination.",
  tables: ["nat"],
  hooks: ["PREROUTING", "OUTPUT"],
  needs: () => ["conntrack", "nat"],
  options: {
    options: grammar.options,
    parse(given, context) {
      const found = grammar.parse(given, context);
      return {
        to: found["to-destination"]?.value ?? {},
        random: Boolean(found.random),
        randomFully: false,
        persistent: Boolean(found.persistent),
      };
    },
    save: ({ to, random, persistent }) =>
      `--to-destination ${printNatRange(to)}${random ? " --random" : ""}${persistent ? " --persistent" : ""}`,
  },
  lower: ({ to: { addresses, ports }, random, randomFully, persistent }) =>
    natAction("destination", addresses ? { from: "range", low: addresses[0], high: addresses[1] } : { from: "packet" }, ports, {
      random,
      randomFully,
      persistent,
    }),
  list: ({ to, random, persistent }) => `to:${printNatRange(to)}${random ? " random" : ""}${persistent ? " persistent" : ""}`,
};
