import { readFile } from "node:fs/promises";
import { InvalidArgumentError, type Command } from "commander";
import { hostFromFlags, parseHostFile, type Host } from "../host/index.ts";
import type { Family } from "../predicate/index.ts";
import { printable } from "../report/index.ts";
import type { Ruleset, Sets } from "../ruleset/index.ts";
import { kindOf, namesWithSets, readIpsets, readRules, splitFamilies, type Fault, type RulesReading } from "../syntax/index.ts";
import { InputFault, printWarnings, usageFault } from "./fault.ts";
import { reasonOf } from "./reason.ts";
import { KEPT_NAMES, namesFromFile, namesFromNetwork, type HostNames } from "./host-names.ts";
import type { ScriptFlags } from "./script/index.ts";
import { afterScript, type Made } from "./script/made.ts";

/** The options of every command that reads rules. */
export interface RulesFlags extends ScriptFlags {
  readonly v6?: string;
  readonly family?: Family;
  readonly lenient?: boolean;
  readonly oldSyntax?: boolean;
  /** Takes what the reader warns of, with the text that was read, in place of stderr. */
  readonly warned?: (warnings: readonly Fault[], text: string) => void;
  /** A file of ipsets. */
  readonly ipset?: string;
  /** A hosts file, or `dns`. */
  readonly resolve?: string;
}

/** The options of every command that needs a machine to run the rules on. */
export interface HostOptions {
  readonly host?: string;
  readonly if?: readonly string[];
  readonly bridge?: readonly string[];
  readonly route?: readonly string[];
  readonly rule?: readonly string[];
  readonly sysctl?: readonly string[];
}

/** Rules of one family or both, and what each text was. */
export interface LoadedRules {
  readonly v4: Ruleset | undefined;
  readonly v6: Ruleset | undefined;
  /** The ipsets that came with the rules. */
  readonly sets: Sets | undefined;
  /** What a script made of its machine. */
  readonly made: Made | undefined;
  /** The texts that were read, by the name that their rules' positions bear; none for a script. */
  readonly texts: ReadonlyMap<string, string>;
}

const several = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

function readFamily(text: string): Family {
  if (text === "4" || text === "6") return Number(text) as Family;
  throw new InvalidArgumentError("expected 4 or 6");
}

function readSeconds(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0 && seconds <= 3600)) throw new InvalidArgumentError("expected seconds, at most 3600");
  return seconds;
}

const readWords = (text: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  ...text.split(/\s+/).filter(word => word !== ""),
];

/** Declares the options that `loadRules` takes. */
export function rulesOptions(command: Command): Command {
  return command
    .option("--v6 <file>", "the IPv6 rules, beside the IPv4 rules in RULES")
    .option("--ipset <file>", "the ipsets that the rules name, as `ipset save` prints them")
    .option("--family <4|6>", "take RULES for IPv4 or IPv6 instead of finding out", readFamily)
    .option("--lenient", "keep unknown matches and targets as opaque conditions instead of refusing them")
    .option("--resolve <file|dns>", "look host names in rules up in a hosts file, or over the network; without it they stay names")
    .option("--script-args <words>", "the arguments of a firewall script", readWords)
    .option("--script-time <seconds>", "stop a firewall script after so long (60)", readSeconds)
    .option("--legacy", "what a firewall script calls iptables is iptables-legacy")
    .option("--old-syntax", "accept `-s ! ADDRESS` as old versions of iptables did");
}

/** Declares the options that `loadHost` takes. */
export function hostOptions(command: Command): Command {
  return command
    .option("--host <file>", "the machine, as `ferrule host` prints it")
    .option("--if <name=address/length,...>", "an interface and its addresses (repeatable)", several)
    .option("--bridge <name=port,...>", "a bridge and its ports (repeatable)", several)
    .option("--route <route>", "a route: 'default via 192.0.2.254 dev eth0' (repeatable)", several)
    .option("--rule <rule>", "a policy-routing rule: 'fwmark 1 table 100' (repeatable)", several)
    .option("--sysctl <name=value>", "a setting: net.ipv4.ip_forward=1 (repeatable)", several);
}

/** A whole text file, or standard input for `-`. */
export async function readText(path: string): Promise<string> {
  try {
    if (path !== "-") return await readFile(path, "utf8");
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString("utf8");
  } catch (fault) {
    throw usageFault(path, `cannot be read: ${reasonOf(fault)}`);
  }
}

/**
 * Reads RULES and --v6; a firewall script is run in a sandbox and gives the rules of both families. Warnings, ignored lines and what the
 * script says go to stderr; faults are thrown as an InputFault.
 */
export async function loadRules(path: string, flags: RulesFlags & HostOptions): Promise<LoadedRules> {
  const names = await hostNames(flags.resolve);
  const sets = flags.ipset === undefined ? undefined : await loadSets(flags.ipset);
  const first = await loadOne(path, flags, flags.v6 === undefined ? flags.family : 4, names, sets);
  const second = flags.v6 === undefined ? undefined : await loadOne(flags.v6, flags, 6, names, sets);
  const wanted = (family: Family): boolean => flags.family === undefined || flags.family === family || flags.v6 !== undefined;
  return {
    v4: wanted(4) ? first.v4 : undefined,
    v6: wanted(6) ? (second ?? first).v6 : undefined,
    sets: sets ?? first.sets ?? second?.sets,
    made: first.made ?? second?.made,
    texts: new Map([...first.texts, ...(second?.texts ?? [])]),
  };
}

/** How names are looked up: in a hosts file, over the network for `dns`, or not at all. */
export async function hostNames(resolve: string | undefined): Promise<HostNames> {
  if (resolve === undefined) return KEPT_NAMES;
  return resolve === "dns" ? namesFromNetwork() : namesFromFile(await readText(resolve));
}

async function loadSets(path: string): Promise<Sets> {
  const text = await readText(path);
  const { sets, faults } = readIpsets(text, path, Date.now() * 1000);
  if (faults.length > 0) throw new InputFault(faults, text);
  return sets;
}

async function loadOne(
  path: string,
  flags: RulesFlags & HostOptions,
  family: Family | undefined,
  hosts: HostNames,
  sets: Sets | undefined,
): Promise<LoadedRules> {
  const name = path === "-" ? "<stdin>" : path;
  const text = await readText(path);
  const kind = kindOf(text, path);
  if (kind === "script") {
    // The sandbox is loaded for scripts only.
    const { loadScript } = await import("./script/index.ts");
    return { ...(await loadScript(path, text, flags, hosts, await loadHost(flags))), texts: new Map() };
  }
  const parts = kind === "save" ? splitFamilies(text) : undefined;
  const readings = await Promise.all(
    parts && family === undefined
      ? ([4, 6] as const).map(each => readOne(parts[each], name, flags, each, hosts, sets))
      : [readOne(parts && family ? parts[family] : text, name, flags, family, hosts, sets)],
  );
  const of = (each: Family): Ruleset | undefined => readings.find(reading => reading.family === each)?.ruleset;
  return { v4: of(4), v6: of(6), sets: undefined, made: undefined, texts: new Map([[name, text]]) };
}

/** Reads the rules of one family; what is wrong is told or thrown. */
async function readOne(
  text: string,
  name: string,
  { lenient, oldSyntax, warned = printWarnings }: RulesFlags,
  family: Family | undefined,
  { keepNames, resolve, learn }: HostNames,
  sets: Sets | undefined,
): Promise<RulesReading> {
  const names = sets && namesWithSets(sets);
  const read = (): RulesReading => readRules(text, name, { family, lenient, oldSyntax, keepNames, resolve, names });
  let reading = read();
  if (await learn()) reading = read();
  warned(reading.warnings, text);
  const [ignored] = reading.ignored;
  const count = reading.ignored.length;
  if (ignored) {
    const said = count === 1 ? "1 line that is no rule was ignored:" : `${count} lines that are no rules were ignored, the first is`;
    console.error(`${printable(name)}: ${said} line ${ignored.line} (${printable(ignored.reason)})`);
  }
  if (reading.lossy) console.error(`${printable(name)}: a listing leaves things out; rules from iptables-save say more`);
  if (reading.ruleset?.tables.size === 0) console.error(`${printable(name)}: no rules: everything is accepted`);
  if (reading.faults.length > 0 || reading.ruleset === undefined) throw new InputFault(reading.faults, text);
  return reading;
}

/**
 * The host that flags and file describe; undefined when neither was given, so that one must be assumed. What a script made of its machine comes
 * after the file and before the flags.
 */
export async function loadHost(options: HostOptions, made?: Made): Promise<Host | undefined> {
  const file = options.host === undefined ? undefined : await hostFile(options.host);
  const base = file && made ? afterScript(file, made) : file;
  const { if: interfaces, bridge: bridges, route: routes, rule: rules, sysctl: sysctls } = options;
  if (!interfaces && !bridges && !routes && !rules && !sysctls) return base;
  const flags = {
    ...(interfaces && { interfaces }),
    ...(bridges && { bridges }),
    ...(routes && { routes }),
    ...(rules && { rules }),
    ...(sysctls && { sysctls }),
  };
  const { value, faults } = hostFromFlags(flags, base);
  if (value === undefined) throw new InputFault(faults);
  if (base !== undefined) return value;
  return forwarding(made ? { ...afterScript(value, made), sysctls: new Map([...made.sysctls, ...value.sysctls]) } : value);
}

/** A machine described by flags alone that has several interfaces is taken for a router, unless a flag says otherwise. */
function forwarding(host: Host): Host {
  const sysctls = new Map(host.sysctls);
  const several = host.interfaces.filter(({ link }) => link !== "loopback").length > 1;
  const silent = FORWARDING.filter(name => several && !sysctls.has(name));
  for (const name of silent) sysctls.set(name, 1);
  return silent.length === 0
    ? host
    : { ...host, sysctls, assumed: [...host.assumed, `forwarding is on (--sysctl ${silent[0]}=0 turns it off)`] };
}

const FORWARDING = ["net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding"];

async function hostFile(path: string): Promise<Host> {
  const text = await readText(path);
  const { value, faults } = parseHostFile({ file: path, text });
  if (value === undefined) throw new InputFault(faults, text);
  return value;
}
