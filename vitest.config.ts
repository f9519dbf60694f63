import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    pool: "threads",
    setupFiles: ["./test/seed.ts"],
    reporters: ["default", "./scripts/closing-line.ts"],
    testTimeout: 60_000,
  },
});
