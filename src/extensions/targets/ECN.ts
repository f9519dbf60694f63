import type { SetField } from "../../predicate/index.ts";
import { bounded, optionName, someOf, UsageError, type TargetType } from "../../xtables/index.ts";

const TCP = 6;
/** Bits of the TCP flag byte. */
const ECE = 0x40;
const CWR = 0x80;
/** Bits of the IPv4 service byte. */
const ECT_BITS = 3;

const spec = {
  "ecn-tcp-remove": { excludes: ["ecn-tcp-cwr", "ecn-tcp-ece"], help: "Clear ECE and CWR of the TCP header." },
  "ecn-tcp-cwr": { value: bounded(0, 1), help: "Set or clear CWR of the TCP header." },
  "ecn-tcp-ece": { value: bounded(0, 1), help: "Set or clear ECE of the TCP header." },
  "ecn-ip-ect": { value: bounded(0, 3), help: "Set the two ECN bits of the IPv4 header." },
} as const;
const grammar = someOf(spec);

/** Which bits get which value; undefined ones stay. Kernel: struct ipt_ECN_info. */
interface Ecn {
  readonly ece: number | undefined;
  readonly cwr: number | undefined;
  readonly ect: number | undefined;
}

/** Only TCP's bits are cleared, and nothing else is asked. */
const removesAll = ({ ece, cwr, ect }: Ecn): boolean => ece === 0 && cwr === 0 && ect === undefined;

function tcpAction({ ece, cwr }: Ecn): SetField {
  const clear = (ece === undefined ? 0 : ECE) | (cwr === undefined ? 0 : CWR);
  return { do: "set", field: "tcpflags", clear, value: (ece ? ECE : 0) | (cwr ? CWR : 0) };
}

/** ipt_ECN.c, set_ect_ip and set_ect_tcp. */
function lower(info: Ecn): SetField {
  const { ece, cwr, ect } = info;
  if (ect === undefined) return tcpAction(info);
  const first: SetField = { do: "set", field: "tos", clear: ECT_BITS, value: ect };
  return ece === undefined && cwr === undefined ? first : { ...first, next: tcpAction(info) };
}

function listing(info: Ecn): string {
  if (removesAll(info)) return "ECN TCP remove";
  const { ece, cwr, ect } = info;
  const words = [
    ...(ece === undefined ? [] : [`ECE=${ece}`]),
    ...(cwr === undefined ? [] : [`CWR=${cwr}`]),
    ...(ect === undefined ? [] : [`ECT codepoint=${ect}`]),
  ];
  return ["ECN", ...words].join(" ");
}

function saved(info: Ecn): string {
  if (removesAll(info)) return "--ecn-tcp-remove";
  const { ece, cwr, ect } = info;
  return [
    ...(ece === undefined ? [] : [`--ecn-tcp-ece ${ece}`]),
    ...(cwr === undefined ? [] : [`--ecn-tcp-cwr ${cwr}`]),
    ...(ect === undefined ? [] : [`--ecn-ip-ect ${ect}`]),
  ].join(" ");
}

/** `-j ECN`: changes the bits of explicit congestion notification in the TCP or IPv4 header. Kernel: ipt_ECN.c, ecn_tg. */
export const ECN: TargetType<Ecn> = {
  name: "ECN",
  help: "Change the bits of explicit congestion notification.",
  families: [4],
  tables: ["mangle"],
  options: {
    options: grammar.options,
    parse(given, context) {
      const found = grammar.parse(given, context);
      if (given.length === 0) throw new UsageError("ECN target: An operation is required");
      const removed = found["ecn-tcp-remove"] ? 0 : undefined;
      // --ecn-tcp-remove forgets an --ecn-ip-ect before it.
      const at = (option: string): number => given.findIndex(each => optionName(spec, each.option) === option);
      const forgotten = at("ecn-ip-ect") < at("ecn-tcp-remove");
      return {
        ece: removed ?? found["ecn-tcp-ece"]?.value,
        cwr: removed ?? found["ecn-tcp-cwr"]?.value,
        ect: forgotten ? undefined : found["ecn-ip-ect"]?.value,
      };
    },
    save: saved,
  },
  check: ({ ece, cwr }, { protocol, protocolInverted }) =>
    (ece === undefined && cwr === undefined) || (protocol === TCP && !protocolInverted)
      ? undefined
      : "ECN target: cannot use TCP operations on a non-tcp rule",
  lower,
  list: listing,
};
