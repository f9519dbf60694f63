import { UsageError, type Span } from "../xtables/index.ts";
import { UnsupportedExtension } from "./fault.ts";
import { closest } from "./guess.ts";
import { isUnmodelledMatch, isUnmodelledTarget } from "./known.ts";
import { matchName } from "./protocol.ts";
import { registryOf } from "./registry.ts";
import { MOST_IN_NAME, type Loaded, type ScanContext, type Spoken } from "./spoken.ts";

/** The match of a -m. iptables: xtables.c, xtables_find_match. Throws UsageError for one that does not exist or is not modelled, unless lenient. */
export function loadMatch({ text, span, invert }: Spoken, { family, lenient }: ScanContext): Loaded {
  if (invert) throw new UsageError("unexpected ! flag before --match", { span });
  if (text.length > MOST_IN_NAME) throw new UsageError(`Invalid match name "${text}" (${MOST_IN_NAME} chars max)`, { span });
  const { matches } = registryOf(family);
  const name = matchName(text);
  const type = matches.get(name) ?? matches.get(text);
  if (!type && !lenient) {
    if (isUnmodelledMatch(name, family)) throw unsupported("match", name, span);
    throw new UsageError(`Couldn't load match \`${name}':No such file or directory`, { span, guess: closest(text, matches.keys()) });
  }
  return { name: type?.name ?? text, type, given: [], words: [], span };
}

/** The target extension of a -j; undefined for what may be a chain. Throws UsageError for one that is not modelled, unless lenient. */
export function loadTarget({ text, span }: Spoken, { family, lenient, isChain }: ScanContext): Loaded | undefined {
  const type = registryOf(family).targets.get(text);
  if (!type && isChain(text)) return undefined;
  if (!type && !lenient) {
    if (isUnmodelledTarget(text, family)) throw unsupported("target", text, span);
    return undefined;
  }
  return { name: text, type, given: [], words: [], span };
}

/** Refuses what can be neither a target nor a chain. iptables: xshared.c, parse_target. Throws UsageError. */
export function checkTargetName({ text, span }: Spoken): void {
  if (text === "") throw new UsageError("Invalid target name (too short)", { span });
  if (text.length > MOST_IN_NAME) throw new UsageError(`Invalid target name \`${text}' (${MOST_IN_NAME} chars max)`, { span });
  if (/\s/.test(text)) throw new UsageError(`Invalid target name \`${text}'`, { span });
}

/** A match or target that iptables has and Ferrule has not, at its place. */
export const unsupported = (kind: "match" | "target", name: string, span: Span): UnsupportedExtension =>
  new UnsupportedExtension(kind, name, span);
