import { bounded, someOf, type TargetType, type Value } from "../../xtables/index.ts";

const TCP = 6;
const U32_MAX = 0xffffffff;

/** iptables reads 32 bits and keeps as many as the kernel's field has. */
function cutTo(bits: number): Value<number> {
  const value = bounded(0, U32_MAX);
  return {
    ...value,
    parse(text, context) {
      const given = value.parse(text, context);
      const kept = given % 2 ** bits;
      if (kept !== given) context.warn(`${context.extension}: "--${context.option} ${text}" is ${kept}, the low ${bits} bits of it`);
      return kept;
    },
  };
}

const grammar = someOf({
  "sack-perm": { help: "Selective acknowledgements, as the server allows them." },
  timestamp: { help: "TCP timestamps, as the server gives them." },
  wscale: { value: cutTo(8), help: "Window scale of the server." },
  mss: { value: cutTo(16), help: "Maximum segment size of the server." },
  ecn: { help: "Explicit congestion notification, as the server allows it." },
});

/** Kernel: struct xt_synproxy_info. */
interface SynProxy {
  readonly selectiveAck: boolean;
  readonly timestamp: boolean;
  readonly windowScale: number | undefined;
  readonly mss: number | undefined;
  readonly ecn: boolean;
}

/** The words after their dashes, as they are both saved and listed. */
const words = ({ selectiveAck, timestamp, windowScale, mss, ecn }: SynProxy, dashes: string): readonly string[] => [
  ...(selectiveAck ? [`${dashes}sack-perm`] : []),
  ...(timestamp ? [`${dashes}timestamp`] : []),
  ...(windowScale === undefined ? [] : [`${dashes}wscale ${windowScale}`]),
  ...(mss === undefined ? [] : [`${dashes}mss ${mss}`]),
  ...(ecn ? [`${dashes}ecn`] : []),
];

/** `-j SYNPROXY`: the machine shakes hands with the client before the server hears of it. Kernel: ipt_SYNPROXY.c and ip6t_SYNPROXY.c. */
export const SYNPROXY: TargetType<SynProxy> = {
  name: "SYNPROXY",
  help: "Shake hands with the client in the server's place.",
  hooks: ["INPUT", "FORWARD"],
  protocols: [TCP],
  needs: () => ["conntrack"],
  options: {
    options: grammar.options,
    parse(given, context) {
      const found = grammar.parse(given, context);
      return {
        selectiveAck: Boolean(found["sack-perm"]),
        timestamp: Boolean(found.timestamp),
        windowScale: found.wscale?.value,
        mss: found.mss?.value,
        ecn: Boolean(found.ecn),
      };
    },
    save: info => words(info, "--").join(" "),
  },
  lower: ({ selectiveAck, timestamp, windowScale, mss, ecn }) => ({
    do: "synproxy",
    mss: mss ?? 0,
    // Below 0 the option was not given, and then no window is scaled.
    windowScale: windowScale ?? -1,
    timestamp,
    selectiveAck,
    ecn,
  }),
  list: info => `${["SYNPROXY", ...words(info, "")].join(" ")} `,
};
