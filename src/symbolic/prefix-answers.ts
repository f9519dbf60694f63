import { NO, type Diagram } from "./diagrams.ts";
import { readdresses } from "./nat-text.ts";
import type { Results } from "./outcome.ts";
import type { Transform } from "./transform.ts";
import { MAPPED, unchanged, type End } from "./unchanged.ts";

/** What prefix translation of one end of a packet leaves behind begins with these words. */
export const PREFIX_WORDS: Readonly<Record<End, string>> = { source: "prefix saddr", destination: "prefix daddr" };

const changes = ({ effects }: Transform, end: End): boolean => effects.some(effect => effect.startsWith(PREFIX_WORDS[end]));

/**
 * Answers, of which those get lost whose prefixes are not changed at the other end from where the opener's were: nobody remembers that, so that
 * they come with another address than the client waits for, or to another machine. Kernel: ip6t_NPT.c, which keeps no state. NAT comes behind
 * the mangle table: of an end that it has mapped it remembers the address, whatever prefixes do to it on the way.
 */
export function withItsPrefixes(results: Results, answers: Diagram, opener: Transform): Diagram {
  const { diagrams } = results.space;
  const changed = (leaf: Diagram): boolean => results.of(leaf).transform.effects.some(isPrefix);
  if (!opener.effects.some(isPrefix) && (answers === results.accept || !diagrams.leavesOf(answers).some(changed))) return answers;
  return ENDS.reduce((kept, end) => {
    const wanted = changes(opener, end);
    const lost = results.leaf("drop", undefined, "untranslated");
    const fitting = diagrams.mapLeaves(kept, leaf => {
      const { ending, transform } = results.of(leaf);
      return ending === "accept" && changes(transform, OTHER_END[end]) !== wanted ? lost : leaf;
    });
    return diagrams.choose(mapped(results, opener, end), kept, fitting);
  }, answers);
}

/** Sessions of which NAT has changed one end: giving it the address that it had is no change. Kernel: nf_nat_core.c, nf_nat_setup_info. */
function mapped({ space }: Results, opener: Transform, end: End): Diagram {
  if (!opener.effects.some(effect => readdresses(effect, end))) return NO;
  return space.diagrams.not(unchanged(space, opener, MAPPED[end]));
}

const isPrefix = (effect: string): boolean => ENDS.some(end => effect.startsWith(PREFIX_WORDS[end]));

const ENDS: readonly End[] = ["source", "destination"];
const OTHER_END: Readonly<Record<End, End>> = { source: "destination", destination: "source" };
