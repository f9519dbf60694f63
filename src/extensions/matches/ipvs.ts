import { never } from "../../predicate/index.ts";
import {
  exactWord,
  finallyChecked,
  hostMask,
  loosePorts,
  printHostMask,
  badValue,
  UsageError,
  type MatchType,
  type HostMask,
  type Parsed,
  type Value,
} from "../../xtables/index.ts";
import { protocolValue } from "../protocol-value.ts";
import { warnOfMissingModule } from "../missing-module.ts";

/** A port, read as loosePorts does, of which only one is taken. */
const port: Value<number> = {
  shape: "port",
  parse(text, context) {
    if (text === "" || text.includes(":")) throw new UsageError(`Port "${text}" does not resolve to anything.`);
    return loosePorts.parse(text, context)[0];
  },
  print: String,
};

const word = (...words: readonly string[]): Value<string> => ({
  shape: words.join("|"),
  words,
  parse(text, context) {
    const known = exactWord(
      words.map(each => [each, each] as const),
      text,
    );
    if (!known) throw badValue(text, context);
    return known[1];
  },
  print: String,
});

const spec = {
  ipvs: { invert: true, help: "The packet belongs to a connection of IPVS; the other options imply it." },
  vproto: { value: protocolValue, invert: true, help: "Protocol of the virtual service." },
  vaddr: { value: hostMask, invert: true, help: "Address of the virtual service." },
  vport: { value: port, invert: true, help: "Port of the virtual service." },
  vdir: { value: word("ORIGINAL", "REPLY"), help: "Direction of the packet." },
  vmethod: { value: word("GATE", "IPIP", "MASQ"), invert: true, help: "How the packet is forwarded." },
  vportctl: { value: port, invert: true, help: "Port of the service whose connection controls this one." },
} as const;
interface Ipvs {
  readonly ipvs?: Parsed<true>;
  readonly vproto?: Parsed<number>;
  readonly vaddr?: Parsed<HostMask>;
  readonly vport?: Parsed<number>;
  readonly vdir?: Parsed<string>;
  readonly vmethod?: Parsed<string>;
  readonly vportctl?: Parsed<number>;
}

const grammar = finallyChecked(spec, (found): Ipvs => {
  const others = Object.keys(found).filter(name => name !== "ipvs").length;
  if (others === 0 && !found.ipvs) throw new UsageError("IPVS: At least one option is required");
  if (others > 0 && found.ipvs?.invert) throw new UsageError("! --ipvs cannot be together with other options");
  return found;
});

/** The conditions in the order of the options; `--ipvs` only where it stands alone. libxt_ipvs.c, ipvs_mt. */
function print(found: Ipvs, prefix: string): string {
  const { ipvs: belongs, vproto, vaddr, vport, vdir, vmethod, vportctl } = found;
  const named = [
    ["vproto", vproto],
    ["vaddr", vaddr && { value: printHostMask(vaddr.value), invert: vaddr.invert }],
    ["vport", vport],
    ["vdir", vdir],
    ["vmethod", vmethod],
    ["vportctl", vportctl],
  ] as const;
  const parts = named.flatMap(([name, parsed]) => (parsed ? [`${parsed.invert ? "! " : ""}${prefix}${name} ${parsed.value}`] : []));
  return parts.length === 0 && belongs ? `${belongs.invert ? "! " : ""}${prefix}ipvs` : parts.join(" ");
}

/**
 * `-m ipvs`: properties of a connection of the kernel's load balancer. Kernel: xt_ipvs.c, ipvs_mt. A kernel without ip_vs has no such match
 * and refuses it, and so does this one.
 */
export const ipvs: MatchType<Ipvs> = {
  name: "ipvs",
  help: "Match the properties of an IPVS connection.",
  options: {
    ...grammar,
    parse(given, context) {
      warnOfMissingModule(context);
      return grammar.parse(given, context);
    },
    save: found => print(found, "--"),
  },
  check: () => "ipvs match: this kernel has no ip_vs (No such file or directory)",
  lower: () => ({ predicate: never }),
  list: found => `ipvs ${print(found, "")}`,
};
