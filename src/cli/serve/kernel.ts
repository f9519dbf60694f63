import type { Capability, KernelBackend, KernelReading, KernelRules } from "../../report/serve/index.ts";
import type { Family } from "../../predicate/index.ts";
import { counted } from "./kernel-text.ts";
import { readMachine } from "./machine.ts";
import { say, type Said } from "./outside-program.ts";
import { hashOf } from "./token.ts";

/** The running rules with their counters, without what stands around them. */
export interface RunningRules {
  readonly at: string;
  /** Of all their texts. */
  readonly revision: string;
  readonly rules: readonly KernelRules[];
  /** What iptables-save itself says of rules that it cannot show. */
  readonly notes: readonly string[];
}

/** The running rules cannot be read. */
export class NoKernel extends Error {}

const TOOLS: Readonly<Record<Family, string>> = { 4: "iptables", 6: "ip6tables" };

/**
 * The rules that the kernel runs, of both families and both backends, as iptables-save tells them; a backend without rules is left out
 * beside one that has some. Throws NoKernel with the reason. Nothing is changed.
 */
export async function readRunning(): Promise<RunningRules> {
  const read = (await Promise.all(([4, 6] as const).map(readFamily))).flat();
  const rules = read.map(({ backend, family, text, counts }) => ({ backend, family, text, counts }));
  const revision = hashOf(rules.map(({ backend, family, text }) => `${backend} ${family}\n${text}`).join("\0"));
  return { at: new Date().toISOString(), revision, rules, notes: [...new Set(read.flatMap(({ notes }) => notes))] };
}

let underWay: Promise<KernelReading> | undefined;

/** The same, with sets and machine. Who asks while it is read gets the same. */
export function readKernel(): Promise<KernelReading> {
  return (underWay ??= readAll().finally(() => (underWay = undefined)));
}

async function readAll(): Promise<KernelReading> {
  const [running, sets, capture, native] = await Promise.all([readRunning(), say("ipset", ["save"]), readMachine(), nativeTables()]);
  const unread = "reason" in sets ? [`the ipsets cannot be read: ${sets.reason}`] : [];
  return {
    ...running,
    notes: [...running.notes, ...native, ...unread, ...capture.notes],
    sets: "stdout" in sets ? sets.stdout : "",
    host: capture.host,
  };
}

/** May this process read the running rules? Whether they can be read is found out when somebody asks. */
export function kernelCapability(): Capability {
  if (process.platform !== "linux") return { available: false, reason: "only Linux has netfilter" };
  return process.getuid?.() === 0 ? { available: true } : { available: false, reason: "only root may read the running rules" };
}

/** Tables of nft's own, whose rules packets meet too and iptables-save does not know, as a sentence. */
async function nativeTables(): Promise<readonly string[]> {
  const said = await say("nft", ["list", "tables"]);
  const tables = "stdout" in said ? said.stdout.split("\n").filter(line => line !== "" && !IPTABLES_TABLE.test(line)) : [];
  return tables.length === 0
    ? []
    : [`nft has tables of its own here, which packets meet too and are not shown: ${tables.slice(0, 10).join(", ")}`];
}

const IPTABLES_TABLE = /^table ip6? (?:raw|mangle|nat|filter|security)$/;

/** Rules, with what was said of them. */
type Read = KernelRules & { readonly notes: readonly string[] };

async function readFamily(family: Family): Promise<readonly Read[]> {
  const tool = TOOLS[family];
  const [nft, legacy] = await Promise.all([say(`${tool}-nft-save`, ["-c"]), say(`${tool}-legacy-save`, ["-c"])]);
  if (isMissing(nft) && isMissing(legacy)) {
    const plain = await say(`${tool}-save`, ["-c"]);
    const isNft = "stdout" in plain && plain.stdout.split("\n", 1)[0]?.includes("(nf_tables)");
    return [rulesOf(plain, isNft ? "nft" : "legacy", family)];
  }
  const found = [
    ...(isMissing(nft) ? [] : [rulesOf(nft, "nft", family)]),
    ...(isMissing(legacy) || isUnused(legacy, nft) ? [] : [rulesOf(legacy, "legacy", family)]),
  ];
  const full = found.filter(({ text }) => text !== "");
  return full.length > 0 ? full : found.slice(0, 1);
}

const isMissing = (said: Said): boolean => "missing" in said && said.missing;

/** A kernel built without the old tables refuses them, which is no fault where the new ones can be read. */
const isUnused = (legacy: Said, nft: Said): boolean => "reason" in legacy && "stdout" in nft;

function rulesOf(said: Said, backend: KernelBackend, family: Family): Read {
  if ("reason" in said) throw new NoKernel(`the running rules cannot be read: ${said.reason}`);
  const notes = said.stdout.split("\n").filter(line => line.startsWith("# Table `"));
  return {
    backend,
    family,
    ...counted(said.stdout),
    notes: notes.map(line => `${TOOLS[family]}-save: ${line.slice("# ".length).replace(/\.$/, "")}`),
  };
}
