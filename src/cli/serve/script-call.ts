import type { PageTexts, ScriptQuestion, ScriptResult } from "../../report/serve/index.ts";
import { KEPT_NAMES } from "../host-names.ts";
import { machineNames } from "../machine-names.ts";
import { LIMITS, NoSandbox, NoScript, runScript, Stopped, transcriptLines } from "../script/index.ts";
import { Refusal } from "./refusal.ts";
import { textsOf } from "./rules-document.ts";

const MOST_ARGUMENTS = 100;
const MOST_CHARACTERS = 4 << 20;

/** Reads the body of a request; a Refusal when it is no question. */
export function scriptQuestion(body: string): ScriptQuestion {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new Refusal("request", "the body is no JSON");
  }
  if (typeof value !== "object" || value === null) throw new Refusal("request", "the body is no object");
  const { name, text, args = [] } = value as Readonly<Record<string, unknown>>;
  if (typeof name !== "string" || name === "" || name.length > 255) throw new Refusal("request", "`name' is missing");
  if (typeof text !== "string" || text.length > MOST_CHARACTERS) throw new Refusal("request", "`text' is missing or too long");
  const words = isWords(args) ? args : undefined;
  if (!words || words.length > MOST_ARGUMENTS) throw new Refusal("request", "`args' is a list of words");
  return { name, text, args: words };
}

const isWords = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every(word => typeof word === "string" && word.length <= 4096 && !word.includes("\0"));

let running = false;

/** Runs a script in the sandbox, one at a time, within the limits of the command line, until nobody waits for it. Throws a Refusal. */
export async function runQuestion({ name, text, args = [] }: ScriptQuestion, unwanted?: AbortSignal): Promise<ScriptResult> {
  if (running) throw new Refusal("busy", "another script is running");
  running = true;
  try {
    const tools = { variant: "nft", hosts: KEPT_NAMES, names: machineNames() } as const;
    const run = await runScript({ name, text, place: undefined, args }, { limits: LIMITS, host: undefined, tools, unwanted });
    const { transcript, place, status, calls } = run;
    const sources = textsOf(run);
    const texts: PageTexts = {
      rules4: sources.rules4?.text ?? "",
      rules6: sources.rules6?.text ?? "",
      sets: sources.sets?.text ?? "",
      host: "",
    };
    const said = transcriptLines(transcript, name, call => `${place(call).file}:${place(call).line}`);
    return { texts, transcript: said, status, calls };
  } catch (fault) {
    if (fault instanceof NoScript) throw new Refusal("script", fault.message);
    if (fault instanceof Stopped) throw new Refusal("script", `the script was stopped: ${fault.message}`);
    if (fault instanceof NoSandbox)
      throw new Refusal("script", `a script runs only in namespaces of its own, and this machine gives none: ${fault.message}`);
    throw fault;
  } finally {
    running = false;
  }
}
