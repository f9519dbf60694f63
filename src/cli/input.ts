import { readFile } from "node:fs/promises";
import { InvalidArgumentError, type Command } from "commander";
import { hostFromFlags, parseHostFile, type Host } from "../host/index.ts";
import type { Family } from "../predicate/index.ts";
import { printable } from "../report/index.ts";
import type { Ruleset } from "../ruleset/index.ts";
import { readRules, type RulesReading } from "../syntax/index.ts";
import { InputFault, printWarnings, usageFault } from "./fault.ts";

/** The options of every command that reads rules. */
export interface RulesFlags {
  readonly v6?: string;
  readonly family?: Family;
  readonly lenient?: boolean;
  readonly oldSyntax?: boolean;
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
  readonly readings: readonly RulesReading[];
}

const several = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

function readFamily(text: string): Family {
  if (text === "4" || text === "6") return Number(text) as Family;
  throw new InvalidArgumentError("expected 4 or 6");
}

/** Declares the options that `loadRules` takes. */
export function rulesOptions(command: Command): Command {
  return command
    .option("--v6 <file>", "the IPv6 rules, beside the IPv4 rules in RULES")
    .option("--family <4|6>", "take RULES for IPv4 or IPv6 instead of finding out", readFamily)
    .option("--lenient", "keep unknown matches, targets and host names as opaque conditions instead of refusing them")
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

/** The system's reason in a word or two. */
export function reasonOf(fault: unknown): string {
  const { code, message } = fault as NodeJS.ErrnoException;
  const known: Readonly<Record<string, string>> = {
    ENOENT: "no such file",
    EACCES: "permission denied",
    EISDIR: "it is a directory",
    ENOTDIR: "no such folder",
  };
  return known[code ?? ""] ?? message;
}

/** Reads RULES and --v6. Warnings and ignored lines go to stderr; faults are thrown as an InputFault. */
export async function loadRules(path: string, flags: RulesFlags): Promise<LoadedRules> {
  const first = await loadOne(path, flags, flags.v6 === undefined ? flags.family : 4);
  const second = flags.v6 === undefined ? undefined : await loadOne(flags.v6, flags, 6);
  const readings = second ? [first, second] : [first];
  const of = (family: Family): Ruleset | undefined => readings.find(reading => reading.family === family)?.ruleset;
  return { v4: of(4), v6: of(6), readings };
}

async function loadOne(path: string, { lenient, oldSyntax }: RulesFlags, family: Family | undefined): Promise<RulesReading> {
  const name = path === "-" ? "<stdin>" : path;
  const text = await readText(path);
  const reading = readRules(text, name, { family, lenient, oldSyntax });
  printWarnings(reading.warnings, text);
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

/** The host that flags and file describe; undefined when neither was given, so that one must be assumed. */
export async function loadHost(options: HostOptions): Promise<Host | undefined> {
  const base = options.host === undefined ? undefined : await hostFile(options.host);
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
  return base === undefined ? forwarding(value) : value;
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
