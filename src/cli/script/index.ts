/** Firewall scripts, run in a sandbox with tools of ours. */
export { LIMITS, type Limits } from "./limits.ts";
export { loadScript, type ScriptFlags } from "./load.ts";
export { NoSandbox, Stopped } from "./job.ts";
export { NoScript, runScript, type RunSettings, type Script, type ScriptRun } from "./run.ts";
export { transcriptLines } from "./transcript.ts";
