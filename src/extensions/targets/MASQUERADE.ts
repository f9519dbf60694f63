import { natAction, parseNatPorts, printNatPorts, someOf, type NatPorts, type TargetType, type Value } from "../../xtables/index.ts";

/** A base port is lost on the way to the kernel: it becomes 0, and is saved so. */
const ports: Value<NatPorts> = {
  shape: "port[-port]",
  parse(text, context) {
    const read = parseNatPorts(text, context);
    return read.base === undefined ? read : { ...read, base: 0 };
  },
  print: printNatPorts,
};

const grammar = someOf({
  "to-ports": { value: ports, help: "Source ports to choose from." },
  random: { help: "Choose the port by a random hash." },
  "random-fully": { help: "Choose the port fully at random." },
});

interface Masquerade {
  readonly ports?: NatPorts;
  readonly random: boolean;
  readonly randomFully: boolean;
}

const flagWords = ({ random, randomFully }: Masquerade, dashes: string): readonly string[] => [
  ...(random ? [`${dashes}random`] : []),
  ...(randomFully ? [`${dashes}random-fully`] : []),
];

/** `-j MASQUERADE`: the connection comes from the address of the interface that it leaves by. Kernel: xt_MASQUERADE.c, nf_nat_masquerade.c. */
export const MASQUERADE: TargetType<Masquerade> = {
  name: "MASQUERADE",
  help: "Let the connection come from the address of the interface that it leaves by.",
  tables: ["nat"],
  hooks: ["POSTROUTING"],
  needs: () => ["conntrack", "nat"],
  options: {
    options: grammar.options,
    parse(given, context) {
      const found = grammar.parse(given, context);
      const toPorts = found["to-ports"]?.value;
      return { ...(toPorts && { ports: toPorts }), random: Boolean(found.random), randomFully: Boolean(found["random-fully"]) };
    },
    save: info => [...(info.ports ? [`--to-ports ${printNatPorts(info.ports)}`] : []), ...flagWords(info, "--")].join(" "),
  },
  lower: info =>
    natAction("source", { from: "interface" }, info.ports, { random: info.random, randomFully: info.randomFully, persistent: false }),
  list: info => [...(info.ports ? [`masq ports: ${printNatPorts(info.ports)}`] : []), ...flagWords(info, "")].join(" "),
};
