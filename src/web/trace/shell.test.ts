import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { NO_DOCUMENTS } from "../state/documents.ts";
import { shellQuoted, traceCommand } from "./shell.ts";

it.each(["", "a b", "it's", "$(id)", "`id`", "a\\b", 'say "x"', "-n", "é*", "a\nb"])("a shell takes %j as it is", word => {
  expect(execFileSync("sh", ["-c", `printf '%s.' ${shellQuoted(word)}`], { encoding: "utf8" })).toBe(`${word}.`);
});

it("names the files that there are", () => {
  const question = "session tcp 10.0.0.5 > 10.0.0.1:22 in eth0\n\nudp 10.0.0.5 > 10.0.0.1:53";
  const none = { paths: {} };
  expect(traceCommand(question, { ...NO_DOCUMENTS, rules4: "x" }, none)).toBe(
    "ferrule trace rules.v4 'session tcp 10.0.0.5 > 10.0.0.1:22 in eth0' 'udp 10.0.0.5 > 10.0.0.1:53'",
  );
  expect(traceCommand("p", { rules4: "x", rules6: "x", sets: "x", host: "x" }, { paths: { rules4: "my rules", host: "h.json" } })).toBe(
    "ferrule trace 'my rules' --v6 rules.v6 --ipset ipset.save --host h.json p",
  );
  expect(traceCommand("p", { ...NO_DOCUMENTS, rules6: "x" }, none)).toBe("ferrule trace rules.v6 p");
});
