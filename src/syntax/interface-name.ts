import type { InterfaceTest } from "../ruleset/index.ts";
import { UsageError } from "../xtables/index.ts";
import type { Spoken } from "./spoken.ts";

/** Bytes of an interface's name with its final NUL. Kernel: if.h, IFNAMSIZ. */
const IFNAMSIZ = 16;

/** Refuses an interface that no rule can name. libxtables: xtables_parse_interface. Throws UsageError. */
export function checkInterfaceName({ text, span }: Spoken): void {
  if (text === "") throw new UsageError("Empty interface is likely to be undesired", { span });
  if (text.length >= IFNAMSIZ) throw new UsageError(`interface name \`${text}' must be shorter than IFNAMSIZ (${IFNAMSIZ - 1})`, { span });
}

/** The interface of -i or -o, checked already; a final plus stands for any rest. */
export function parseInterface({ text, invert }: Spoken, warn: (message: string) => void): InterfaceTest {
  const wildcard = text.endsWith("+");
  const name = wildcard ? text.slice(0, -1) : text;
  if (/[/ ]/.test(name)) warn(`weird character in interface \`${text}' ('/' and ' ' are not allowed by the kernel).`);
  else if (name.startsWith("-")) warn(`the interface is called \`${text}': put a blank after the option`);
  return { name, wildcard, invert };
}
