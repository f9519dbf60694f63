import { boundedText, cutBytes, bareText, someOf, type TargetType, type Value } from "../../xtables/index.ts";

/** Bytes of xt_secmark_target_info.secctx without its final NUL. Kernel: SECMARK_SECCTX_MAX. */
const CONTEXT_BYTES = 255;

const context: Value<string> = {
  ...boundedText(CONTEXT_BYTES),
  parse: text => cutBytes(text, CONTEXT_BYTES),
};
const grammar = someOf({ selctx: { value: context, required: true, help: "Security context, as the security module writes it." } });

interface SecMark {
  readonly context: string;
}

/**
 * `-j SECMARK`: labels the packet for a security module. Without one in the kernel no context means anything, so that every rule is refused.
 * Kernel: xt_SECMARK.c, checkentry_lsm.
 */
export const SECMARK: TargetType<SecMark> = {
  name: "SECMARK",
  help: "Label the packet for a security module.",
  tables: ["mangle", "security"],
  options: {
    options: grammar.options,
    parse: (given, read) => ({ context: grammar.parse(given, read).selctx?.value ?? "" }),
    save: info => `--selctx ${bareText(info.context)}`,
  },
  check: info => `SECMARK target: the kernel has no security module that knows the context "${info.context}" (No such file or directory)`,
  lower: info => ({ do: "unknown", name: "SECMARK", about: `label ${info.context}` }),
  list: info => `SECMARK selctx ${info.context}`,
};
