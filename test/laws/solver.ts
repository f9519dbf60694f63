/** The SAT solver, which only tests need. */

/** What a solver says: a model assigns a number to each constant, 0 or 1 to a boolean. */
export type Answer = { readonly sat: true; readonly model: ReadonlyMap<string, bigint> } | { readonly sat: false };

export interface SatSolver {
  /** Throws when the solver does not know. */
  solve(smtLib: string): Promise<Answer>;
  close(): void;
}

interface Term {
  sexpr(): string;
}

interface Z3 {
  init(): Promise<{
    readonly em: { readonly PThread: { terminateAllThreads(): void } };
    readonly Context: new (name: string) => {
      readonly Solver: new () => {
        fromString(text: string): void;
        check(): Promise<string>;
        model(): { decls(): readonly { name(): string | number; call(): Term }[]; eval(term: Term, complete: boolean): Term };
      };
    };
  }>;
}

/** Loads z3; a sentence when it is not installed. */
export async function loadSolver(): Promise<SatSolver | string> {
  // By a name that is computed: types and tests do without the package where it is missing.
  const name = ["z3", "solver"].join("-");
  let z3: Z3;
  try {
    z3 = (await import(name)) as Z3;
  } catch {
    return `${name} is not installed`;
  }
  const { em, Context } = await z3.init();
  const { Solver } = new Context("main");
  return {
    async solve(smtLib) {
      const solver = new Solver();
      solver.fromString(smtLib);
      const said = await solver.check();
      if (said === "unsat") return { sat: false };
      if (said !== "sat") throw new Error(`z3 says ${said}`);
      const model = solver.model();
      return { sat: true, model: new Map(model.decls().flatMap(decl => numberOf(String(decl.name()), model.eval(decl.call(), true)))) };
    },
    close: () => em.PThread.terminateAllThreads(),
  };
}

/** A constant's value; nothing for what the text defined itself. */
function numberOf(name: string, term: Term): [string, bigint][] {
  const value = term.sexpr();
  if (value === "true" || value === "false") return [[name, value === "true" ? 1n : 0n]];
  return value.startsWith("#") ? [[name, BigInt(value.replace(/^#/, "0"))]] : [];
}
