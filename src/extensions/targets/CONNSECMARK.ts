import { someOf, UsageError, type TargetType } from "../../xtables/index.ts";

const grammar = someOf({
  save: { excludes: ["restore"], help: "Copy the packet's security mark to the connection, if it has one." },
  restore: { excludes: ["save"], help: "Copy the connection's security mark to the packet, if it has none." },
});

interface ConnSecMark {
  readonly mode: "save" | "restore";
}

/**
 * `-j CONNSECMARK`: copies the security mark between packet and connection. Without a security module no packet and no connection has one, so that
 * nothing happens. Kernel: xt_CONNSECMARK.c, connsecmark_tg.
 */
export const CONNSECMARK: TargetType<ConnSecMark> = {
  name: "CONNSECMARK",
  help: "Copy the security mark between packet and connection.",
  tables: ["mangle", "security"],
  needs: () => ["conntrack"],
  options: {
    options: grammar.options,
    parse(given, context) {
      if (given.length === 0) throw new UsageError("CONNSECMARK target: parameter required");
      return { mode: grammar.parse(given, context).save ? "save" : "restore" };
    },
    save: ({ mode }) => `--${mode}`,
  },
  lower: () => ({ do: "continue" }),
  list: ({ mode }) => `CONNSECMARK ${mode}`,
};
