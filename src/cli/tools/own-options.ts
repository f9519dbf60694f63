import type { Variant } from "../../syntax/index.ts";

/** Ferrule's own options of a tool, which stand before the tool's. */
export interface OwnOptions {
  readonly store: string;
  readonly variant: Variant | undefined;
  /** What is left for the tool. */
  readonly argv: readonly string[];
}

/** What the store is called where nobody says. */
export const DEFAULT_STORE = "ferrule.rules";

/** Takes `--store FILE`, `--legacy` and `--nft` off the front. A string is what is wrong with them. */
export function readOwnOptions(argv: readonly string[], environment: Readonly<Record<string, string | undefined>>): OwnOptions | string {
  let store = environment["FERRULE_STORE"] || DEFAULT_STORE;
  let variant: Variant | undefined;
  let at = 0;
  for (; at < argv.length; at++) {
    const word = argv[at] ?? "";
    if (word === "--legacy") variant = "legacy";
    else if (word === "--nft") variant = "nft";
    else if (word === "--store") {
      const file = argv[++at];
      if (!file) return "--store needs a file";
      store = file;
    } else if (word.startsWith("--store=")) {
      store = word.slice("--store=".length);
      if (store === "") return "--store needs a file";
    } else break;
  }
  return { store, variant, argv: argv.slice(at) };
}
