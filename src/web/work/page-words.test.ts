import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inPage } from "./page-words.ts";

test("hints at options become hints at the page", () => {
  expect(inPage("IPv4 is restricted, and no IPv6 rules were given (--v6 FILE): where")).toBe(
    "IPv4 is restricted, and no IPv6 rules were given (they go into the tab IPv6): where",
  );
  expect(inPage("the machine is not known (--host, --if): any")).toBe("the machine is not known (the panel Host describes it): any");
});

test("no sentence of the analysis hints at an option that the page does not know of", () => {
  const sentences = readdirSync("src/analysis", { recursive: true, encoding: "utf8" })
    .filter(name => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .flatMap(name => readFileSync(join("src/analysis", name), "utf8").split("\n"))
    .filter(line => /--(?:v6|host|ipset|if|sysctl|all|level|allowed|lenient|resolve|route|also-legacy)\b/.test(line));
  expect(sentences.length).toBeGreaterThan(3);
  for (const sentence of sentences) expect(inPage(sentence), sentence).not.toBe(sentence);
});
