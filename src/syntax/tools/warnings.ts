import type { Family } from "../../predicate/index.ts";
import { parseInterface } from "../interface-name.ts";
import { extensionHeaderWarning } from "../protocol.ts";
import type { Scan } from "../spoken.ts";

/** Warnings of extensions that iptables has too, in its words; the others are Ferrule's own, and the commands keep silent about them. */
const SPOKEN: readonly RegExp[] = [
  /^Warning: /,
  /^xt_iprange: range .* is reversed/,
  /option deprecated, please use/,
  / no longer supported$/,
];
/** Warnings that iptables says in other words. */
const REWORDED: readonly (readonly [pattern: RegExp, says: string])[] = [
  [/^(?=--nflog-range has never worked)/, "warn: "],
  [
    /^--localtz is .*/,
    'WARNING: --localtz is being replaced by --kerneltz, since "local" is ambiguous. Note the kernel timezone has caveats - see manpage for details.',
  ],
];

/** What iptables writes of a line before it is known whether all is well: of its interfaces and protocol, then of its extensions. */
export function spokenWarnings(scan: Scan | undefined, family: Family, warnings: readonly string[]): string {
  let text = "";
  const warn = (message: string): void => {
    if (message.startsWith("weird character")) text += `Warning: ${message}\n`;
  };
  for (const spoken of [scan?.inInterface, scan?.outInterface]) if (spoken) parseInterface(spoken, warn);
  const protocol = scan?.protocol;
  const never = protocol && family === 6 ? extensionHeaderWarning(protocol.number, protocol) : undefined;
  if (never !== undefined) text += `Warning: ${never}\n`;
  for (const warning of warnings) {
    const other = REWORDED.find(([pattern]) => pattern.test(warning));
    if (other) text += `${warning.replace(other[0], () => other[1])}\n`;
    else if (SPOKEN.some(pattern => pattern.test(warning))) text += `${warning}\n`;
  }
  return text;
}
