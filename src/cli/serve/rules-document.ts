import { basename } from "node:path";
import { printHost } from "../../host/index.ts";
import type { PageText, ServedDocument } from "../../report/serve/index.ts";
import type { Sets } from "../../ruleset/index.ts";
import { familyOf, kindOf, printSave, printSets, readRules, splitFamilies } from "../../syntax/index.ts";
import { InputFault } from "../fault.ts";
import { hostNames, loadHost, type HostOptions, type RulesFlags } from "../input.ts";
import { loadScript, type ScriptRun } from "../script/index.ts";
import type { Opening } from "./opening.ts";
import type { Root } from "./root.ts";
import { isPlainFile, sourceReader, type Source } from "./source.ts";
import { hashOf } from "./token.ts";

/** What the command line says of the rules that it names. */
export type OpeningFlags = RulesFlags & HostOptions;

/** The files of one firewall: its rules, and those of IPv6 where they stand apart. */
export interface RuleFiles {
  readonly rules: string;
  readonly v6: string | undefined;
}

type Sources = Partial<Record<PageText, Source>>;

/** Rules of files, a dump, or what a script makes, as a document. */
export function rulesOpening(id: string, { rules, v6 }: RuleFiles, flags: OpeningFlags, root: Root | undefined): Opening {
  const script = scriptRuns(rules, flags);
  const readSource = sourceReader(root);
  const name = rules === "-" ? "standard input" : v6 === undefined ? basename(rules) : `${basename(rules)}, ${basename(v6)}`;
  return {
    id,
    name,
    files: [rules, v6, flags.ipset, flags.host].flatMap(file => (file !== undefined && isPlainFile(file) ? file : [])),
    kernel: false,
    async read() {
      const first = await readSource(rules);
      const run = kindOf(first.text, rules) === "script" ? await script(first.text) : undefined;
      const sources: Sources = {
        ...(run ? textsOf(run) : rulesIn(first, rules, v6 === undefined ? flags.family : 4, flags)),
        ...(v6 !== undefined && { rules6: only(rulesIn(await readSource(v6), v6, 6, flags)) }),
        ...(flags.ipset !== undefined && { sets: await readSource(flags.ipset) }),
        ...(await hostOf(flags, run, readSource)),
      };
      return documentOf(id, name, sources, run !== undefined);
    },
  };
}

function documentOf(id: string, name: string, sources: Sources, script: boolean): ServedDocument {
  const text = (kind: PageText): string => sources[kind]?.text ?? "";
  const placed = (Object.entries(sources) as [PageText, Source][]).flatMap(([kind, { place }]) => (place ? [[kind, place] as const] : []));
  return {
    id,
    name,
    texts: { rules4: text("rules4"), rules6: text("rules6"), sets: text("sets"), host: text("host") },
    readOnly: script ? "a script made these rules" : null,
    paths: script ? {} : Object.fromEntries(placed.map(([kind, { path }]) => [kind, path])),
    hashes: script ? {} : Object.fromEntries(placed.map(([kind, { hash }]) => [kind, hash])),
    kernel: null,
    notes: [...new Set(Object.values(sources).flatMap(({ note }) => note ?? []))],
    fault: null,
  };
}

/** The rules of a text that is no script. Save text is taken as it is, so that the page shows what is wrong with it. */
function rulesIn(source: Source, path: string, family: OpeningFlags["family"], flags: OpeningFlags): Sources {
  const { text } = source;
  const kind = kindOf(text, path);
  if (kind === "list" || kind === "specs") {
    const { ruleset, faults } = readRules(text, path, { family, lenient: flags.lenient, oldSyntax: flags.oldSyntax, keepNames: true });
    if (!ruleset || faults.length > 0) throw new InputFault(faults, text);
    const note = `${basename(path)} is ${kind === "list" ? "an iptables -L listing, which leaves things out" : "an iptables -S dump"}: it is shown as iptables-save text`;
    return { [ruleset.family === 6 ? "rules6" : "rules4"]: { text: printSave(ruleset), note } };
  }
  const parts = splitFamilies(text);
  if (parts && family === undefined) return { rules4: { ...source, text: parts[4] }, rules6: { ...source, text: parts[6] } };
  if (parts && family !== undefined) return { [family === 6 ? "rules6" : "rules4"]: { ...source, text: parts[family] } };
  return { [(family ?? familyOf(text, path)) === 6 ? "rules6" : "rules4"]: source };
}

const only = (sources: Sources): Source => sources.rules6 ?? sources.rules4 ?? { text: "" };

/** A script runs again only when its text has changed. */
function scriptRuns(path: string, flags: OpeningFlags): (text: string) => Promise<ScriptRun> {
  let last: { readonly hash: string; readonly run: Promise<ScriptRun> } | undefined;
  const start = async (text: string): Promise<ScriptRun> =>
    loadScript(path, text, flags, await hostNames(flags.resolve), await loadHost(flags));
  return text => {
    const hash = hashOf(text);
    last = last?.hash === hash ? last : { hash, run: start(text) };
    return last.run;
  };
}

/** What a script made, as texts. */
export function textsOf({ v4, v6, sets }: Pick<ScriptRun, "v4" | "v6" | "sets">): Sources {
  return {
    ...(v4 && { rules4: { text: printSave(v4) } }),
    ...(v6 && { rules6: { text: printSave(v6) } }),
    ...(sets && { sets: { text: setsText(sets) } }),
  };
}

const setsText = (sets: Sets): string =>
  printSets(sets.list(), { mode: "save", namesOnly: false, terse: false, members: true, sorted: true, now: Date.now() * 1000 });

/** The file that --host names as it is, or what all flags together say. */
async function hostOf(flags: OpeningFlags, run: ScriptRun | undefined, readSource: ReturnType<typeof sourceReader>): Promise<Sources> {
  const { host: file, if: interfaces, bridge, route, rule, sysctl } = flags;
  if (file !== undefined && !run && !interfaces && !bridge && !route && !rule && !sysctl) return { host: await readSource(file) };
  const host = await loadHost(flags, run?.made);
  return host ? { host: { text: printHost(host) } } : {};
}
