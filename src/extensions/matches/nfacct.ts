import { opaque, type Opaque } from "../../predicate/index.ts";
import { cutBytes, quoteArgument, someOf, UsageError, type MatchType, type Value } from "../../xtables/index.ts";

/** Bytes of a name. Kernel: NFACCT_NAME_MAX less the byte that ends it. */
const NAME_BYTES = 31;

const name: Value<string> = {
  shape: "name",
  parse(text) {
    if (text === "") throw new UsageError("Argument must have a minimum length of 1 characters");
    return cutBytes(text, NAME_BYTES);
  },
  // iptables puts two blanks in front of it.
  print: text => ` ${quoteArgument(text)}`,
};

const grammar = someOf({ "nfacct-name": { value: name, required: true, help: "Name of the accounting object." } });

/** Kernel: struct xt_nfacct_match_info. */
interface Nfacct {
  readonly object: string;
  /** There is known to be no such object. */
  readonly missing: boolean;
}

/** What an object has counted. */
export interface Account {
  packets: bigint;
  bytes: bigint;
}

/** One object for all rules that name it. */
function step(object: string): Opaque<Account> {
  return {
    name: `nfacct:${object}`,
    about: `nfacct-name ${object}`,
    depends: "history",
    share: `nfacct:${object}`,
    start: () => ({ packets: 0n, bytes: 0n }),
    step(account, facts) {
      account.packets++;
      account.bytes += BigInt(facts.value("length") ?? 0);
      return true;
    },
  };
}

/**
 * `-m nfacct`: counts packets in an accounting object and matches them all. Kernel: xt_nfacct.c, nfacct_mt. Objects and their quotas are made by another
 * tool, nfacct(8): here every object is there, unless the names given say otherwise, and has no quota.
 */
export const nfacct: MatchType<Nfacct> = {
  name: "nfacct",
  help: "Count the packet in an accounting object.",
  options: {
    options: grammar.options,
    parse(given, context) {
      const object = grammar.parse(given, context)["nfacct-name"]?.value ?? "";
      return { object, missing: context.names.account?.(object) === false };
    },
    save: ({ object }) => `--nfacct-name ${name.print(object, 4)}`,
  },
  check: ({ object, missing }) =>
    missing ? `nfacct match: there is no accounting object "${object}" (No such file or directory)` : undefined,
  lower: ({ object }) => ({ predicate: opaque(step(object)) }),
  list: ({ object }) => `nfacct-name  ${quoteArgument(object)}`,
};
