import { bits, invertIf, opaque, type Opaque, type Predicate } from "../../predicate/index.ts";
import { someOf, strtoul, UsageError, type MatchType, type Parsed, type Value } from "../../xtables/index.ts";

/** Kernel: XT_CONNLABEL_MAXBIT. */
const MAXBIT = 127;

const label: Value<number> = {
  shape: "number",
  parse(text) {
    if (text === "") throw new UsageError("Argument must have a minimum length of 1 characters");
    const { value, rest } = strtoul(text);
    if (rest !== "" || value > 0xffffn) throw new UsageError(`label '${text}' not found or invalid value`);
    return Number(value);
  },
  print: bit => `"${bit}"`,
};

const spec = {
  label: { value: label, invert: true, required: true, help: "Number of the label, 0 to 127." },
  set: { help: "Set the label on the connection, and match where that could be done." },
} as const;
const grammar = someOf(spec);
interface Connlabel {
  readonly label?: Parsed<number>;
  readonly set?: Parsed<true>;
}
const NONE = { value: 0, invert: false };

/** A label that is set is seen by later rules, so that it is not asked as a field. */
function setting(bit: number, about: string): Predicate {
  const step: Opaque<undefined> = {
    name: `connlabel:${bit}`,
    about,
    depends: "history",
    start: () => undefined,
    step: (_, facts) => facts.setLabel(bit),
  };
  return opaque(step);
}

/** `-m connlabel`: a label of the packet's connection. Kernel: xt_connlabel.c, connlabel_mt. Without a connection only an inverted test holds. */
export const connlabel: MatchType<Connlabel> = {
  name: "connlabel",
  help: "Match a label of the packet's connection, or set it.",
  needs: () => ["conntrack", "labels"],
  options: grammar,
  check: ({ label: { value } = NONE }) =>
    value > MAXBIT ? "connlabel match: the label is too high (Numerical result out of range)" : undefined,
  lower(info) {
    const { value: bit, invert } = info.label ?? NONE;
    const wanted = 1n << BigInt(Math.min(bit, MAXBIT));
    return { predicate: invertIf(invert, info.set ? setting(bit, list(info)) : bits("ctlabels", wanted, wanted)) };
  },
  list,
};

function list({ label: { value, invert } = NONE, set }: Connlabel): string {
  return `connlabel ${invert ? "! " : ""}${value}${set ? " set" : ""}`;
}
