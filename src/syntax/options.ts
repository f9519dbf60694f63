import type { Family, Scalar } from "../predicate/index.ts";
import type { NameTables } from "../xtables/index.ts";
import { newBinder, type Binder } from "./bound.ts";
import { defaultNames } from "./names.ts";

/** Which iptables 1.8.9 to agree with where its two backends differ. */
export type Variant = "legacy" | "nft";

/** How to read rules. */
export interface ReadOptions {
  /** Found out from the text when left out. */
  readonly family?: Family | undefined;
  /** Default "legacy". */
  readonly variant?: Variant | undefined;
  /** Keep unknown extensions and unresolved host names as opaque conditions instead of refusing them. */
  readonly lenient?: boolean | undefined;
  /** Keep host names that `resolve` does not know as opaque conditions. */
  readonly keepNames?: boolean | undefined;
  /** Take `-s ! x` and `--dport ! 80`, as iptables did before 1.4.3. */
  readonly oldSyntax?: boolean | undefined;
  /** Addresses of a host name; undefined for an unknown one. Without it only `localhost` is known. */
  readonly resolve?: ((name: string, family: Family) => readonly Scalar[] | undefined) | undefined;
  readonly names?: NameTables | undefined;
}

/** The same with every default filled in. */
export interface Settings {
  readonly family: Family;
  readonly variant: Variant;
  readonly lenient: boolean;
  readonly keepNames: boolean;
  readonly oldSyntax: boolean;
  readonly resolve: (name: string, family: Family) => readonly Scalar[] | undefined;
  readonly names: NameTables;
  readonly binder: Binder;
}

/** Options with defaults, for a family. */
export function settingsOf(options: ReadOptions, family: Family): Settings {
  const settings = {
    family,
    variant: options.variant ?? ("legacy" as const),
    lenient: options.lenient ?? false,
    keepNames: options.keepNames ?? options.lenient ?? false,
    oldSyntax: options.oldSyntax ?? false,
    resolve: options.resolve ?? hostsFile,
    names: options.names ?? defaultNames,
  };
  return { ...settings, binder: newBinder(settings) };
}

/** What the hosts file of any machine says. */
function hostsFile(name: string, family: Family): readonly Scalar[] | undefined {
  if (name.toLowerCase() !== "localhost") return undefined;
  return family === 4 ? [0x7f000001] : [1n];
}
