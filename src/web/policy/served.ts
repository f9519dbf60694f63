import { sameDocuments, type Documents } from "../state/documents.ts";
import type { PolicyHead, RowView } from "./view.ts";
import { policyDesk, policyFile, type PolicyDesk, type PolicyFile, type PolicyWish } from "./work.ts";

let last: { readonly texts: Documents; readonly wish: PolicyWish; readonly desk: PolicyDesk } | undefined;

/** The policy of the texts without its rows; `policyRows` brings these, until another policy is asked for. */
export function policyHead(texts: Documents, wish: PolicyWish): PolicyHead {
  last = undefined;
  const desk = policyDesk(texts, wish);
  last = { texts, wish, desk };
  return desk.head;
}

/** Some rows of a section of the last policy, usable ones first; none behind the last. */
export function policyRows(section: number, from: number, count: number): readonly RowView[] {
  return last?.desk.rows[section]?.slice(from, from + count) ?? [];
}

/** The last policy as a file; it is made anew when a worker was ended since. */
export function servedPolicyFile(texts: Documents, wish: PolicyWish, kind: PolicyFile, name: string): string {
  const current = last && sameDocuments(last.texts, texts) && holdsAll(last, wish) ? last.desk : undefined;
  return policyFile(current ?? policyDesk(texts, wish), kind, texts, name, wish.now);
}

/** Has the policy all rows that are wished for? */
const holdsAll = ({ wish, desk }: { readonly wish: PolicyWish; readonly desk: PolicyDesk }, { rows }: PolicyWish): boolean =>
  wish.rows >= rows || desk.head.sections.every(({ complete }) => complete);
