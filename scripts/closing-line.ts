import type { Reporter, TestModule } from "vitest/node";

/** Ends a run with the one line that says how many tests passed and failed. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    let passed = 0,
      failed = errors.length,
      skipped = 0;
    for (const module of modules) {
      if (module.state() === "failed" && module.children.size === 0) failed++;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") passed++;
        else if (state === "failed") failed++;
        else skipped++;
      }
    }
    process.on("exit", () => console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}`));
  }
}
