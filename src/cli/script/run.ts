import { existsSync } from "node:fs";
import { normalize } from "node:path";
import type { Host } from "../../host/index.ts";
import type { Position, Ruleset, Sets } from "../../ruleset/index.ts";
import { emptyState, type ToolState } from "../../syntax/index.ts";
import { madeBy, placesFrom, positionOf, withPlaces, type Call } from "./calls.ts";
import { asBash, interpreterOf, type Interpreter } from "./interpreter.ts";
import { missingFunctions } from "./functions.ts";
import type { Limits } from "./limits.ts";
import { madeFrom, type Made } from "./made.ts";
import { SCRIPT_PLACE, Stopped, type Ended, type Job, type Outside } from "./job.ts";
import { networkLines } from "./network.ts";
import { runInSandbox } from "./sandbox.ts";
import { OWN } from "./stage.ts";
import { runRequest, type ToolSettings } from "./tools.ts";
import { Transcript } from "./transcript.ts";

/** A firewall script. */
export interface Script {
  /** Its name as people gave it, for positions. */
  readonly name: string;
  readonly text: string;
  /** Where it lies, links resolved: its path, and its folder if that is to be shown; undefined for one that came through a pipe. */
  readonly place: { readonly folder: string | undefined; readonly path: string } | undefined;
  readonly args: readonly string[];
}

/** What came of a script. */
export interface ScriptRun {
  /** Undefined for a family that it has no rules for. */
  readonly v4: Ruleset | undefined;
  readonly v6: Ruleset | undefined;
  readonly sets: Sets | undefined;
  readonly made: Made;
  readonly transcript: Transcript;
  /** Its exit status. */
  readonly status: number;
  /** How often it called a tool. */
  readonly calls: number;
  /** Where the script stood at a call. */
  readonly place: (call: number) => Position;
}

/** How a script is to be run. */
export interface RunSettings {
  readonly limits: Limits;
  /** The machine that the script finds itself on; without one, it has no interface but lo. */
  readonly host: Host | undefined;
  readonly tools: ToolSettings;
  /** Stops it. */
  readonly unwanted?: AbortSignal | undefined;
}

/** The script cannot run at all. */
export class NoScript extends Error {}

/** The script was stopped; what it had said until then, and where. */
export class StoppedScript extends Stopped {
  readonly transcript: Transcript;
  readonly place: (call: number) => Position;
  constructor(reason: Stopped, transcript: Transcript, place: (call: number) => Position) {
    super(reason.message);
    this.transcript = transcript;
    this.place = place;
  }
}

/** Runs a script in a sandbox and gives the rules that it made, each with the script's line. Throws NoScript, NoSandbox or Stopped. */
export async function runScript(script: Script, settings: RunSettings): Promise<ScriptRun> {
  const interpreter = interpreterOf(script.text);
  if (typeof interpreter === "string") throw new NoScript(interpreter);
  const bash = interpreter.lines === "found" && ["/bin/bash", "/usr/bin/bash"].some(path => existsSync(path));
  const [pass, told] = await Promise.all([
    runOnce(script, interpreter.words, {}, settings),
    // Only bash tells where it stands, so it runs the script of another shell once more, and nothing but the places comes of that.
    bash ? runOnce(script, asBash(interpreter), { FERRULE_POSIX: "yes" }, settings).catch(() => undefined) : undefined,
  ]);
  const places = placesFrom(pass.calls, told?.calls ?? []);
  const place = (call: number): Position => placeOf(places[call], script);
  const placed = (ruleset: Ruleset): Ruleset | undefined => (ruleset.tables.size > 0 ? withPlaces(ruleset, place) : undefined);
  pass.transcript.flush();
  return {
    v4: placed(pass.state.v4),
    v6: placed(pass.state.v6),
    sets: pass.state.sets,
    made: madeFrom(pass.ended.parts, pass.sysctls),
    transcript: pass.transcript,
    status: pass.ended.status,
    calls: pass.calls.length,
    place,
  };
}

/** Characters of a call that are kept to find its place, and settings that only Ferrule keeps. */
const MOST_KEPT = 1000;
const MOST_SETTINGS = 1000;

interface Pass {
  readonly state: ToolState;
  readonly calls: readonly Call[];
  readonly sysctls: readonly string[];
  readonly transcript: Transcript;
  readonly ended: Ended;
}

async function runOnce(
  script: Script,
  words: Interpreter["words"],
  env: Readonly<Record<string, string>>,
  { limits, host, tools, unwanted }: RunSettings,
): Promise<Pass> {
  const { text, place, args } = script;
  const calls: Call[] = [];
  const sysctls: string[] = [];
  const transcript = new Transcript(place ? undefined : [SCRIPT_PLACE, script.name]);
  let state = emptyState();
  const job: Job = {
    folder: place?.folder,
    command: [...words, place?.path ?? SCRIPT_PLACE, ...args],
    env: { BASH_ENV: `${OWN}/bin/at`, ...env },
    text: place?.folder === undefined ? new TextEncoder().encode(text) : undefined,
    file: place?.folder === undefined ? place?.path : undefined,
    network: host ? networkLines(host) : "",
    libraries: missingFunctions(text, existsSync),
    limits,
  };
  const outside: Outside = {
    said: bytes => transcript.said(bytes),
    async answer(request) {
      const call = calls.length;
      const { name, argv, at, loud } = request;
      if (name === "setting") {
        if (sysctls.length < MOST_SETTINGS) sysctls.push(argv[0] ?? "");
        return { status: 0, stdout: "", stderr: "" };
      }
      calls.push({ words: [name, ...argv].join("\0").slice(0, MOST_KEPT), at: at.slice(0, MOST_KEPT) });
      const answer = await runRequest(request, state, tools, madeBy(call));
      const { reply, missing } = answer;
      state = answer.state;
      if (rulesIn(state.v4) + rulesIn(state.v6) > limits.rules) throw new Stopped(`it made more than ${limits.rules} rules`);
      if (reply.stderr !== "" && (loud || missing)) transcript.complained(call, reply.stderr);
      return loud ? { ...reply, stderr: "" } : reply;
    },
  };
  try {
    const ended = await runInSandbox(job, outside, unwanted);
    return { ended, state, calls, sysctls, transcript };
  } catch (fault) {
    throw fault instanceof Stopped ? new StoppedScript(fault, transcript, call => placeOf(calls[call]?.at, script)) : fault;
  }
}

const placeOf = (at: string | undefined, script: Script): Position => positionOf(at ?? "", path => nameOf(path, script), script.name);

function rulesIn({ tables }: Ruleset): number {
  let count = 0;
  for (const { chains } of tables.values()) for (const { rules } of chains.values()) count += rules.length;
  return count;
}

/** A path as the shell says it, in the words in which the script was named. */
function nameOf(said: string, { name, place }: Script): string {
  const path = normalize(said).replace(/^\/\//, "/");
  if (path === (place?.path ?? SCRIPT_PLACE)) return name;
  const folder = `${place?.folder}/`;
  const own = name.slice(0, name.lastIndexOf("/") + 1);
  if (place && path.startsWith(folder)) return own + path.slice(folder.length);
  return path.startsWith("/") ? path : own + path;
}
