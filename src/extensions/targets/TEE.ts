import { printAddress } from "../../packet/index.ts";
import type { Scalar } from "../../predicate/index.ts";
import { cutBytes, host, bareText, someOf, type TargetType, type Value } from "../../xtables/index.ts";

/** Bytes of an interface's name without the final NUL. Kernel: IFNAMSIZ. */
const NAME_BYTES = 15;

const device: Value<string> = { shape: "name", parse: text => cutBytes(text, NAME_BYTES), print: text => text };
const grammar = someOf({
  gateway: { value: host, required: true, help: "Machine on the local network that gets the copy." },
  oif: { value: device, help: "Interface by which the copy leaves." },
});

/** Kernel: struct xt_tee_tginfo. An empty device means any. */
interface Tee {
  readonly gateway: Scalar;
  readonly device: string;
}

/** `-j TEE`: a copy of the packet goes to another machine, the packet goes on. Kernel: xt_TEE.c, tee_tg4 and tee_tg6. */
export const TEE: TargetType<Tee> = {
  name: "TEE",
  help: "Send a copy of the packet to another machine and go on.",
  options: {
    options: grammar.options,
    parse(given, context) {
      const found = grammar.parse(given, context);
      return { gateway: found.gateway?.value ?? 0, device: found.oif?.value ?? "" };
    },
    save: info => `--gateway ${printAddress(info.gateway)}${info.device === "" ? "" : ` --oif ${bareText(info.device)}`}`,
  },
  check: ({ gateway }) => (BigInt(gateway) === 0n ? "TEE target: the gateway cannot be the unspecified address" : undefined),
  lower: info => ({ do: "tee", gateway: info.gateway, ...(info.device !== "" && { device: info.device }) }),
  list: info => `TEE gw:${printAddress(info.gateway)}${info.device === "" ? "" : ` oif=${info.device}`}`,
};
