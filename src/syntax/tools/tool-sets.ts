import { Sets } from "../../ruleset/index.ts";

/** The ipsets of a machine, which know how many of its rules use each. */
export class ToolSets extends Sets {
  private readonly users: { counts: ReadonlyMap<string, number> };
  constructor() {
    const users = { counts: new Map<string, number>() as ReadonlyMap<string, number> };
    super(name => users.counts.get(name) ?? 0);
    this.users = users;
  }

  /** Tells how many rules use each set. */
  usedBy(counts: ReadonlyMap<string, number>): void {
    this.users.counts = counts;
  }
}
