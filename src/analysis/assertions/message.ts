import type { Fate } from "../query/answer.ts";
import type { Claim } from "./assertion.ts";
import type { Contradiction, Demand } from "./demand.ts";

/** One sentence: what was proven of a claim, or why it fails. */
export function because(claim: Claim, { about, fates }: Demand, { asked, seen, parts }: Contradiction, fails: boolean): string {
  if (!asked) return `there can be no such ${about}`;
  const bad = [...new Set(parts.map(({ fate }) => fate))].map(fateText).join(" or ");
  switch (claim.is) {
    case "at most":
      return fails ? `other sessions are ${bad}` : "all other sessions are refused";
    case "no strays":
      return fails ? "packets are accepted that belong to no session and open none" : "no packet is accepted outside sessions";
    default: {
      if (!fails)
        return `all of these ${about} are ${[...seen]
          .filter(fate => fates.includes(fate))
          .map(fateText)
          .join(" or ")}`;
      const sure = parts.some(({ certainty }) => certainty.sure);
      const some = [...seen].some(fate => fates.includes(fate)) ? "some" : "all";
      return sure ? `${some} of these ${about} are ${bad}` : `some of these ${about} may be ${bad}`;
    }
  }
}

const fateText = (fate: Fate): string => fate;
