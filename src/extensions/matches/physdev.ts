import { all, always, any, invertIf, named, namedLike, not, present, type Field, type Predicate } from "../../predicate/index.ts";
import { cutBytes, someOf, UsageError, type MatchType, type Parsed, type Value } from "../../xtables/index.ts";

/** Kernel: struct xt_physdev_info. */
interface Physdev {
  readonly isIn: Parsed<true> | undefined;
  readonly in: Parsed<string> | undefined;
  readonly isOut: Parsed<true> | undefined;
  readonly out: Parsed<string> | undefined;
  readonly isBridged: Parsed<true> | undefined;
}

/** Longest interface name. Kernel: IFNAMSIZ less the byte that ends it. */
const NAME_MAX = 15;

/** An interface name; a plus at its end stands for any. libxtables: xtables_parse_interface. */
const portName: Value<string> = {
  shape: "name[+]",
  parse(text, { warn }) {
    if (cutBytes(text, NAME_MAX) !== text) throw new UsageError(`interface name \`${text}' must be shorter than IFNAMSIZ (${NAME_MAX})`);
    if (/[/ ]/.test(text)) warn(`Warning: weird character in interface \`${text}' ('/' and ' ' are not allowed by the kernel).`);
    return text;
  },
  print: String,
};

const grammar = someOf({
  "physdev-in": { value: portName, invert: true, help: "Bridge port the packet came in on." },
  "physdev-out": { value: portName, invert: true, help: "Bridge port the packet leaves by." },
  "physdev-is-in": { invert: true, help: "The packet came in on a bridge port." },
  "physdev-is-out": { invert: true, help: "The packet leaves by a bridge port." },
  "physdev-is-bridged": { invert: true, help: "The packet is bridged, not routed." },
});

const sameName = (field: Field, name: string): Predicate => {
  if (name === "") return always;
  return name.endsWith("+") ? namedLike(field, name.slice(0, -1)) : named(field, name);
};

/**
 * Kernel: xt_physdev.c, physdev_mt. A packet that crossed no bridge matches when every option is inverted. The test of the input port
 * is passed over where that is not known; that of the output port then fails, inverted or not. Bridged means that the output port is known.
 */
function lowerPhysdev({ isIn, in: input, isOut, out: output, isBridged }: Physdev): Predicate {
  const crossed = any(present("physin"), present("physout"));
  const tests: Predicate[] = [];
  if (isBridged) tests.push(invertIf(isBridged.invert, present("physout")));
  if (isIn) tests.push(invertIf(isIn.invert, present("physin")));
  if (isOut) tests.push(invertIf(isOut.invert, present("physout")));
  if (input) tests.push(any(not(present("physin")), invertIf(input.invert, sameName("physin", input.value))));
  if (output) tests.push(all(present("physout"), invertIf(output.invert, sameName("physout", output.value))));
  const inverted = [isIn, input, isOut, output, isBridged].every(parsed => parsed?.invert ?? true);
  return inverted ? any(not(crossed), all(...tests)) : all(crossed, ...tests);
}

/** `-m physdev`: ports of the bridge that the packet crosses. Kernel: xt_physdev.c, physdev_mt. */
export const physdev: MatchType<Physdev> = {
  name: "physdev",
  help: "Match the bridge ports of a packet that crosses a bridge.",
  options: {
    options: grammar.options,
    parse(given, context) {
      const found = grammar.parse(given, context);
      if (Object.keys(found).length === 0) throw new UsageError("PHYSDEV: no physdev option specified");
      return {
        isIn: found["physdev-is-in"],
        in: found["physdev-in"],
        isOut: found["physdev-is-out"],
        out: found["physdev-out"],
        isBridged: found["physdev-is-bridged"],
      };
    },
    save: show,
  },
  check({ out, isOut, isBridged }, { hooks }) {
    return (out || isOut) && (!isBridged || isBridged.invert) && hooks.has("OUTPUT")
      ? "physdev match: --physdev-out and --physdev-is-out only supported in the FORWARD and POSTROUTING chains with bridged traffic"
      : undefined;
  },
  lower: info => ({ predicate: lowerPhysdev(info) }),
  list: info => `PHYSDEV match ${show(info)}`,
};

function show({ isIn, in: input, isOut, out: output, isBridged }: Physdev): string {
  const parts: string[] = [];
  const add = (parsed: Parsed<true | string> | undefined, option: string): void => {
    if (parsed) parts.push(`${parsed.invert ? "! " : ""}--physdev-${option}${parsed.value === true ? "" : ` ${parsed.value}`}`);
  };
  add(isIn, "is-in");
  add(input, "in");
  add(isOut, "is-out");
  add(output, "out");
  add(isBridged, "is-bridged");
  return parts.join(" ");
}
