import { signal, type Signal } from "@preact/signals";
import type { GridAxis } from "../../report/index.ts";
import { documents, type Documents } from "../state/documents.ts";
import { whileShown } from "../state/while-shown.ts";
import { asking, type Asking } from "../work/answer.ts";
import { now } from "../work/clock.ts";
import { analysisDesk } from "../work/workers.ts";
import type { Sheet } from "./sheet.ts";
import type { PolicyHead, PolicyView, RowView } from "./view.ts";
import type { PolicyFile } from "./work.ts";

/** Rows of a first answer, which comes soon, and of the whole one. */
const FIRST_ROWS = 60;
const ALL_ROWS = 5000;

/** Rows that cross from the worker at once: more would keep the page from drawing. */
const PIECE = 150;

/** What is shown while the whole answer is on its way: its first rows. */
export const firstRows: Signal<{ readonly texts: Documents; readonly policy: PolicyView } | undefined> = signal(undefined);

/** Which texts the shown policy is of. */
export interface PolicyAnswer {
  readonly texts: Documents;
  readonly policy: PolicyView;
}

const desk = analysisDesk();

const question = whileShown("policy", () => (hasRules(documents.value) ? documents.value : undefined));

const hasRules = ({ rules4, rules6 }: Documents): boolean => rules4.trim() !== "" || rules6.trim() !== "";

/** The policy of the texts; asked once, whichever panels come and go. */
let started: Asking<PolicyAnswer> | undefined;
export function policyAsking(): Asking<PolicyAnswer> {
  started ??= asking(() => question.value, askPolicy);
  return started;
}

async function askPolicy(texts: Documents): Promise<PolicyAnswer> {
  return await desk.ask(async work => {
    const few = await fetched(FIRST_ROWS);
    if (few.sections.every(({ complete }) => complete)) return { texts, policy: few };
    firstRows.value = { texts, policy: few };
    return { texts, policy: await fetched(ALL_ROWS) };

    async function fetched(rows: number): Promise<PolicyView> {
      const head: PolicyHead = await work.policy(texts, { rows, now: now() });
      const sections: RowView[][] = [];
      for (const [section, { usable, halfOpen }] of head.sections.entries()) {
        const got: RowView[] = [];
        while (got.length < usable + halfOpen) {
          const piece = await work.policyRows(section, got.length, PIECE);
          if (piece.length === 0) break;
          got.push(...piece);
        }
        sections.push(got);
      }
      return { ...head, rows: sections };
    }
  });
}

/** Ends the analysis that is under way. */
export function stopPolicy(): void {
  desk.stop();
}

/** The policy as a file of a kind. Rejects when another analysis takes its place. */
export async function makePolicyFile(texts: Documents, kind: PolicyFile, name: string): Promise<string> {
  return await desk.ask(work => work.policyFile(texts, { rows: ALL_ROWS, now: now() }, kind, name));
}

/** What the sheet shows: a cell of a section's matrix, or the addresses of a column, by their indexes in a policy. */
export const sheet: Signal<Sheet | undefined> = signal(undefined);

/** The section that is shown, by family and path, so that it stays when the rules change. */
export const shownSection: Signal<string | undefined> = signal(undefined);
/** Words that services, addresses and interfaces must hold. */
export const filter: Signal<string> = signal("");
/** Which end of sessions columns stand for; undefined for the one that suits the path. */
export const chosenAxis: Signal<GridAxis | undefined> = signal(undefined);
