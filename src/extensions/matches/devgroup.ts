import { all, bits, invertIf, type Predicate } from "../../predicate/index.ts";
import {
  finallyChecked,
  mappedMark,
  printMapped,
  someOf,
  UsageError,
  type Masked,
  type MatchType,
  type Parsed,
  type Word,
} from "../../xtables/index.ts";

/** Groups that a Debian machine has names for. iproute2: group. */
const GROUPS: readonly Word<number>[] = [["default", 0]];

const group = mappedMark(GROUPS);
const spec = {
  "src-group": { value: group, invert: true, help: "Group of the interface the packet came in on." },
  "dst-group": { value: group, invert: true, help: "Group of the interface the packet leaves by." },
} as const;
interface Devgroup {
  readonly "src-group"?: Parsed<Masked>;
  readonly "dst-group"?: Parsed<Masked>;
}

const KEYS = ["src-group", "dst-group"] as const;

function test(field: "indevgroup" | "outdevgroup", parsed: Parsed<Masked> | undefined): Predicate[] {
  if (!parsed) return [];
  const { value, mask } = parsed.value;
  return [invertIf(parsed.invert, bits(field, mask, (value & mask) >>> 0))];
}

/** `-m devgroup`: groups of the packet's interfaces. Kernel: xt_devgroup.c, devgroup_mt. */
export const devgroup: MatchType<Devgroup> = {
  name: "devgroup",
  help: "Match the groups of the packet's interfaces.",
  options: {
    ...finallyChecked(spec, found => {
      if (!found["src-group"] && !found["dst-group"])
        throw new UsageError("devgroup match: You must specify either '--src-group' or '--dst-group'");
      return found;
    }),
    save: someOf(spec).save,
  },
  check(info, { hooks }) {
    if (info["src-group"] && (hooks.has("OUTPUT") || hooks.has("POSTROUTING")))
      return "devgroup match: --src-group is not valid where packets have no input interface (OUTPUT, POSTROUTING)";
    if (info["dst-group"] && (hooks.has("PREROUTING") || hooks.has("INPUT")))
      return "devgroup match: --dst-group is not valid where packets have no output interface (PREROUTING, INPUT)";
    return undefined;
  },
  lower: info => ({ predicate: all(...test("indevgroup", info["src-group"]), ...test("outdevgroup", info["dst-group"])) }),
  list: (info, { numeric }) =>
    KEYS.flatMap(key => {
      const parsed = info[key];
      return parsed ? [`${parsed.invert ? "! " : ""}${key} ${printMapped(parsed.value, numeric ? [] : GROUPS)}`] : [];
    }).join(" "),
};
