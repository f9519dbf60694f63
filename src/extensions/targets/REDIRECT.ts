import {
  natAction,
  parseNatPorts,
  printNatPorts,
  someOf,
  UsageError,
  type NatPorts,
  type TargetType,
  type Value,
} from "../../xtables/index.ts";

const ports: Value<NatPorts> = { shape: "port[-port]", parse: parseNatPorts, print: printNatPorts };

const grammar = someOf({
  "to-ports": { value: ports, help: "Local ports to choose from." },
  random: { help: "Choose the port at random." },
});

interface Redirect {
  readonly ports?: NatPorts;
  readonly random: boolean;
}

/** `-j REDIRECT`: the connection goes to this machine. Kernel: xt_REDIRECT.c, nf_nat_redirect.c. */
export const REDIRECT: TargetType<Redirect> = {
  name: "REDIRECT",
  help: "Send the connection to this machine itself.",
  tables: ["nat"],
  hooks: ["PREROUTING", "OUTPUT"],
  needs: () => ["conntrack", "nat"],
  options: {
    options: grammar.options,
    parse(given, context) {
      const found = grammar.parse(given, context);
      const toPorts = found["to-ports"]?.value;
      if (toPorts?.base !== undefined) throw new UsageError("Shifted portmap ranges not supported with this kernel");
      return { ...(toPorts && { ports: toPorts }), random: Boolean(found.random) };
    },
    save: info => [...(info.ports ? [`--to-ports ${printNatPorts(info.ports)}`] : []), ...(info.random ? ["--random"] : [])].join(" "),
  },
  lower: info =>
    natAction("destination", { from: "interface" }, info.ports, { random: info.random, randomFully: false, persistent: false }),
  list: info => [...(info.ports ? [`redir ports ${printNatPorts(info.ports)}`] : []), ...(info.random ? ["random"] : [])].join(" "),
};
