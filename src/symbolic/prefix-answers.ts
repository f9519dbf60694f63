import type { Diagram } from "./diagrams.ts";
import type { Results } from "./outcome.ts";
import type { Transform } from "./transform.ts";

/** What prefix translation of one end of a packet leaves behind begins with these words. */
export const PREFIX_WORDS: Readonly<Record<"source" | "destination", string>> = { source: "prefix saddr", destination: "prefix daddr" };

const changes = ({ effects }: Transform, end: "source" | "destination"): boolean =>
  effects.some(effect => effect.startsWith(PREFIX_WORDS[end]));

/**
 * Answers, of which those get lost whose prefixes are not changed at the other end from where the opener's were: nobody remembers that, so that
 * they come with another address than the client waits for, or to another machine. Kernel: ip6t_NPT.c, which keeps no state.
 */
export function withItsPrefixes(results: Results, answers: Diagram, opener: Transform): Diagram {
  const { diagrams } = results.space;
  const [source, destination] = [changes(opener, "source"), changes(opener, "destination")];
  if (answers === results.accept && !source && !destination) return answers;
  const gone = (leaf: Diagram): boolean => {
    const { ending, transform } = results.of(leaf);
    return ending === "accept" && (changes(transform, "destination") !== source || changes(transform, "source") !== destination);
  };
  const leaves = new Set(diagrams.leavesOf(answers).filter(gone));
  if (leaves.size === 0) return answers;
  const lost = results.leaf("drop", undefined, "untranslated");
  return diagrams.mapLeaves(answers, leaf => (leaves.has(leaf) ? lost : leaf));
}
