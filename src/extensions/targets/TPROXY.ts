import { printAddress } from "../../packet/index.ts";
import type { Scalar } from "../../predicate/index.ts";
import {
  host,
  loosePorts,
  markMask,
  printMasked,
  someOf,
  UsageError,
  type Masked,
  type TargetType,
  type Value,
} from "../../xtables/index.ts";

const TCP = 6;
const UDP = 17;

const port: Value<number> = {
  shape: "port",
  parse(text, context) {
    if (text.includes(":")) throw new UsageError(`Port "${text}" does not resolve to anything.`);
    return loosePorts.parse(text, context)[0];
  },
  print: String,
};

const grammar = someOf({
  "on-port": { value: port, required: true, help: "Port of the local socket; 0 for the packet's own." },
  "on-ip": { value: host, help: "Address of the local socket; that of the incoming interface without it." },
  "tproxy-mark": { value: markMask, help: "Mark that the packet gets." },
});

/** Kernel: struct xt_tproxy_target_info_v1. */
interface TProxy {
  readonly address: Scalar;
  readonly port: number;
  readonly mark: Masked;
}

/** `-j TPROXY`: the packet goes to a local socket as it is. Kernel: xt_TPROXY.c, tproxy_tg4_v1 and tproxy_tg6_v1. */
export const TPROXY: TargetType<TProxy> = {
  name: "TPROXY",
  help: "Give the packet to a local socket without changing it.",
  tables: ["mangle"],
  hooks: ["PREROUTING"],
  protocols: [TCP, UDP],
  needs: () => ["defrag"],
  options: {
    options: grammar.options,
    parse(given, context) {
      const found = grammar.parse(given, context);
      return {
        address: found["on-ip"]?.value ?? (context.family === 4 ? 0 : 0n),
        port: found["on-port"]?.value ?? 0,
        mark: found["tproxy-mark"]?.value ?? { value: 0, mask: 0 },
      };
    },
    save: info => `--on-port ${info.port} --on-ip ${printAddress(info.address)} --tproxy-mark ${printMasked(info.mark)}`,
  },
  lower: info => ({ do: "tproxy", address: info.address, port: info.port, mark: info.mark.value, mask: info.mark.mask }),
  list: info => `TPROXY redirect ${printAddress(info.address)}:${info.port} mark ${printMasked(info.mark)}`,
};
