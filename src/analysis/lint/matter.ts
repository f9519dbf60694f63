import type { Chain } from "../../ruleset/index.ts";
import { NO, Reach, SpentBudget, type Results, type Sessions, type Space } from "../../symbolic/index.ts";
import type { TableName } from "../../xtables/index.ts";
import { familyModel, type FamilyModel } from "../model.ts";
import { networkQuestions } from "./networks.ts";
import { QUESTIONS } from "./questions.ts";
import type { Subject } from "./subject.ts";

/** Diagram nodes that one family's rules may take. */
const MOST_NODES = 12_000_000;

/** A subject with the packet sets that the checks ask for, each made when it is first asked for. */
export class Matter {
  readonly subject: Subject;
  readonly model: FamilyModel;
  private readonly tables = new Map<TableName, Reach | undefined>();

  constructor(subject: Subject) {
    this.subject = subject;
    const { family, ruleset, host, sets } = subject;
    const firewall = { [family === 4 ? "v4" : "v6"]: ruleset, host, sets };
    this.model = familyModel(family, [firewall], { questions: [...QUESTIONS[family], ...networkQuestions(subject)], budget: MOST_NODES });
  }

  get space(): Space {
    return this.model.space;
  }

  get results(): Results {
    return this.model.results;
  }

  /** What becomes of sessions and of single packets on each path. */
  get sessions(): Sessions {
    return this.model.sessions[0] as Sessions;
  }

  /** All packets, fragments too, rule by rule; undefined where the ruleset lacks the table. */
  table(name: TableName): Reach | undefined {
    if (!this.tables.has(name)) this.tables.set(name, Reach.of(this.subject.ruleset, name, this.results));
    return this.tables.get(name);
  }

  /** Can packets enter the chain? */
  isEntered(table: TableName, chain: Chain): boolean {
    return (this.table(table)?.entering(chain.name) ?? NO) !== NO;
  }
}

/** What a check finds, or undefined where it needs more nodes than there may be, or conditions nest too deep. */
export function withinBudget<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (fault) {
    if (fault instanceof SpentBudget || (fault instanceof RangeError && fault.message.includes("call stack"))) return undefined;
    throw fault;
  }
}
