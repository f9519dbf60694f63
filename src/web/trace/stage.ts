import { createFirewall, placementFault, sessionFault, type Firewall } from "../../engine/index.ts";
import { assumeHost, passengerOf, type Host } from "../../host/index.ts";
import { missingRules, unresolvedNames } from "../../report/index.ts";
import type { Documents } from "../state/documents.ts";
import type { QuestionFault } from "../state/traced.ts";
import { readFirewall, type ReadFirewall } from "../work/firewall.ts";
import { faultOf, readQuestions, type Asked } from "./questions.ts";

/** Where time and chance come from. */
export interface Chance {
  /** µs since the epoch. */
  readonly now: number;
  /** A uniformly random unsigned 32-bit number. */
  random(): number;
}

/** Everything that a question needs to be answered. */
export interface Stage {
  readonly asked: readonly Asked[];
  readonly read: ReadFirewall;
  readonly host: Host;
  readonly firewall: Firewall;
}

/** Everything that a question needs, or what is wrong with it. */
export function stageOf(texts: Documents, question: string, chance: Chance): Stage | { readonly faults: readonly QuestionFault[] } {
  const { asked, faults } = readQuestions(question);
  if (faults.length > 0) return { faults };
  if (asked.length === 0)
    return {
      faults: [
        { message: "a packet starts with its protocol, as in tcp 10.0.0.5:40000 > 10.0.0.1:22", start: 0, end: 0, guess: undefined },
      ],
    };
  const read = readFirewall(texts, chance.now);
  const { v4, v6, sets } = read;
  const host =
    read.host ??
    assumeHost(
      [v4, v6],
      asked.map(({ spec }) => passengerOf(spec)),
    );
  const misplaced = asked.flatMap(each => {
    const fault = placementFault(host, each.spec);
    const opens = each.spec.session ? sessionFault(each.spec) : undefined;
    return [
      ...(fault ? [faultOf(each, fault.message, fault.word)] : []),
      ...(opens === undefined ? [] : [faultOf(each, `${opens}; leave out the word session to trace one packet`, "session")]),
    ];
  });
  if (misplaced.length > 0) return { faults: misplaced };
  try {
    const firewall = createFirewall({ v4, v6, host, sets, start: chance.now, random: chance.random });
    return { asked, read, host, firewall };
  } catch (fault) {
    // Rules that no kernel would load: a chain that is jumped to may be gone with a faulty line.
    if (!(fault instanceof RangeError)) throw fault;
    return { faults: [{ message: `the rules cannot be loaded: ${fault.message}`, start: 0, end: 0, guess: undefined }] };
  }
}

/** What was taken for granted, one sentence each. */
export function assumptions(read: ReadFirewall, asked: readonly Asked[], host: Host): readonly string[] {
  const { v4, v6, sets, skipped } = read;
  return [
    ...missingRules(
      { v4, v6 },
      asked.map(({ spec }) => spec.family),
    ),
    ...leftOut("IPv4", skipped.rules4),
    ...leftOut("IPv6", skipped.rules6),
    ...unresolvedNames([v4, v6], sets, { names: "", sets: "" }),
    ...host.assumed,
  ];
}

function leftOut(rules: string, lines: readonly number[]): readonly string[] {
  if (lines.length === 0) return [];
  const named = lines.slice(0, LINES_NAMED).join(", ");
  const more = lines.length > LINES_NAMED ? ` and ${lines.length - LINES_NAMED} more` : "";
  return [`the ${rules} rules have faults: line ${named}${more} left out`];
}

const LINES_NAMED = 5;
