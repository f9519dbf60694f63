/** Our nft text, read by nft itself where it can be asked. */
import { spawnSync } from "node:child_process";
import { expect } from "vitest";
import { printNft, readRules } from "../../src/syntax/index.ts";
import { saveText } from "../faults/corrupt.ts";
import { whyNot } from "../kernel/namespace.ts";
import { target, type Target } from "./target.ts";

const reason = whyNot();
if (reason !== undefined) console.log(`fuzz: nft is not asked, ${reason}`);

/** Kernels and machines may lack these, which is no fault of the text. */
const ABSENT = /queue|flow|Interface does not exist|Could not process rule: (?:No such file|Operation not supported)/;

/** nft takes whatever is printed. */
function lawsOfNft({ text, family }: { readonly text: string; readonly family: 4 | 6 }): void {
  const { ruleset } = readRules(text, "fuzz", { family });
  if (ruleset === undefined) return;
  const printed = printNft([ruleset]).text;
  if (printed === "" || reason !== undefined) return;
  const { status, stderr } = spawnSync("unshare", ["-n", "nft", "-c", "-f", "-"], { input: printed, encoding: "utf8", timeout: 20_000 });
  if (status !== 0 && !ABSENT.test(stderr)) expect(`${stderr}\n${printed}`).toBe("");
}

export const NFT: readonly Target[] = [target("nft", saveText, lawsOfNft)];
