import type { Chain } from "../../ruleset/index.ts";
import { SpentBudget } from "../../symbolic/budget.ts";
import { NO, type Diagram } from "../../symbolic/diagrams.ts";
import { clientView, HookDiagrams } from "../../symbolic/hooks.ts";
import { Results } from "../../symbolic/outcome.ts";
import { Sessions } from "../../symbolic/sessions.ts";
import type { Space } from "../../symbolic/space.ts";
import { surveyed } from "../../symbolic/survey.ts";
import type { TableName } from "../../xtables/index.ts";
import { QUESTIONS } from "./questions.ts";
import type { Subject } from "./subject.ts";
import { TableSets } from "./table-sets.ts";

/** Diagram nodes that one family's rules may take. */
const MOST_NODES = 12_000_000;

/** A subject with the packet sets that the checks ask for, each made when it is first asked for. */
export class Matter {
  readonly subject: Subject;
  readonly space: Space;
  readonly results: Results;
  private readonly whole: HookDiagrams;
  private readonly tables = new Map<TableName, TableSets | undefined>();
  private known: Sessions | undefined;

  constructor(subject: Subject) {
    this.subject = subject;
    const { family, ruleset, host, sets } = subject;
    this.space = surveyed({ family, rulesets: [ruleset], host, sets, questions: QUESTIONS[family], budget: MOST_NODES });
    this.results = new Results(this.space);
    this.whole = new HookDiagrams(ruleset, this.results, clientView(this.space, false));
  }

  /** What becomes of sessions and of single packets on each path. */
  get sessions(): Sessions {
    return (this.known ??= new Sessions(this.subject.ruleset, this.results));
  }

  /** All packets, fragments too, rule by rule; undefined where the ruleset lacks the table. */
  table(name: TableName): TableSets | undefined {
    if (!this.tables.has(name)) this.tables.set(name, TableSets.of(name, this.whole));
    return this.tables.get(name);
  }

  /** Can packets enter the chain? */
  isEntered(table: TableName, chain: Chain): boolean {
    return (this.table(table)?.entering(chain.name) ?? NO) !== NO;
  }

  /** The set with some levels left open. */
  without(set: Diagram, gone: (level: number) => boolean): Diagram {
    return this.space.diagrams.quantify(set, gone, true);
  }
}

/** What a check finds, or undefined where it needs more nodes than there may be. */
export function withinBudget<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (fault) {
    if (fault instanceof SpentBudget) return undefined;
    throw fault;
  }
}
