import { UsageError } from "../../xtables/index.ts";
import { parseCounter } from "../counters.ts";
import { wordsOf, type Word } from "../words.ts";
import { readArguments } from "./getopt.ts";
import type { Tool, ToolOptions } from "./tool.ts";
import { VERSION } from "./tool-name.ts";
import { encodeXml, isTargetWord, xmlAction, xmlComment, xmlConditions } from "./xml-text.ts";

/** What iptables-xml says. */
export interface XmlAnswer {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

const LONG = [
  { word: "verbose", letter: "v", takes: "none" },
  { word: "combine", letter: "c", takes: "none" },
  { word: "help", letter: "h", takes: "none" },
] as const;

const HELP = "Usage: iptables-xml [-c] [-v] [-h]\n          [--combine ]\n\t   [ --verbose ]\n\t   [ --help ]\n";

/** `iptables-xml`: save text as XML, word by word and without a look at what the words mean. iptables: iptables-xml.c. */
export function runXml({ called }: Tool, argv: readonly string[], stdin: string, options: ToolOptions): XmlAnswer {
  const given = readArguments(argv, "cvh", LONG, called);
  const letters = given.options.map(({ letter }) => letter);
  // An unknown option is told of and passed over.
  const notes = given.fault === undefined ? "" : `${given.fault}\n`;
  const verbose = letters.includes("v");
  const start = verbose ? "xptables-xml\n" : "";
  if (letters.includes("h")) return { stdout: start, stderr: notes + HELP, status: 1 };
  if (given.rest.length > 1) return { stdout: start, stderr: `${notes}Unknown arguments found on commandline\n`, status: 1 };
  let text = stdin;
  const [path] = given.rest;
  if (path !== undefined) {
    const file = options.read?.(path) ?? { reason: "No such file or directory" };
    if ("reason" in file) return { stdout: start, stderr: `${notes}Can't open ${path}: ${file.reason}\n`, status: 1 };
    ({ text } = file);
  }
  const writer = new XmlWriter(verbose, letters.includes("c"));
  const { stderr, status } = writer.all(text);
  return { stdout: `${start}${writer.out}`, stderr: notes + stderr, status };
}

interface ChainLine {
  readonly name: string;
  readonly policy: string;
  readonly packets: bigint;
  readonly bytes: bigint;
  shown: boolean;
}

/** Chain names are cut to what libiptc has room for. */
const MOST_IN_NAME = 32;

const TERMINAL: ReadonlySet<string> = new Set(["ACCEPT", "DROP", "QUEUE", "RETURN"]);

class XmlWriter {
  out = '<iptables-rules version="1.0">\n';
  private table = false;
  private chains = new Map<string, ChainLine>();
  private chain = "";
  private last = { packets: 0n, bytes: 0n };
  private inRule = false;
  private before: readonly Word[] = [];
  private line = 0;
  private readonly verbose: boolean;
  private readonly combine: boolean;

  constructor(verbose: boolean, combine: boolean) {
    this.verbose = verbose;
    this.combine = combine;
  }

  all(text: string): { readonly stderr: string; readonly status: number } {
    try {
      for (let from = 0; from < text.length;) {
        const end = text.indexOf("\n", from);
        this.line++;
        this.read(text.slice(from, end < 0 ? text.length : end), end >= 0);
        from = end < 0 ? text.length : end + 1;
      }
      if (this.table) throw new UsageError(`iptables-xml: COMMIT expected at line ${this.line + 1}`, { status: 1 });
    } catch (fault) {
      if (!(fault instanceof UsageError)) throw fault;
      if (fault.status === 1) return { stderr: `${fault.message}\n`, status: 1 };
      const help = `Error occurred at line: ${this.line}\nTry \`iptables-xml -h' or 'iptables-xml --help' for more information.\n`;
      return { stderr: `iptables-xml v${VERSION}: ${fault.message}\n${help}`, status: 2 };
    }
    this.out += "</iptables-rules>\n";
    return { stderr: "", status: 0 };
  }

  private read(text: string, ended: boolean): void {
    if (text === "") return;
    if (text.startsWith("#")) {
      this.out += xmlComment(text);
      return;
    }
    if (this.verbose) this.out += xmlComment(text, `line ${this.line} `);
    if (text === "COMMIT" && ended && this.table) return this.closeTable();
    if (text.startsWith("*")) return this.openTable(text);
    if (text.startsWith(":") && this.table) return this.chainLine(text);
    if (!this.table) throw new UsageError(`iptables-xml: line ${this.line} failed`, { status: 1 });
    this.rule(text);
  }

  private openTable(text: string): void {
    const name = text
      .slice(1)
      .split(/[ \t]+/)
      .find(word => word !== "");
    if (name === undefined) throw new UsageError(`iptables-xml: line ${this.line} table name invalid`);
    if (this.table) this.closeTable();
    this.table = true;
    this.out += `  <table name="${encodeXml(name)}" >\n`;
  }

  private chainLine(text: string): void {
    const [name, policy, counters = ""] = text
      .slice(1)
      .split(/[ \t]+/)
      .filter(word => word !== "");
    if (name === undefined) throw new UsageError(`iptables-xml: line ${this.line} chain name invalid`);
    if (policy === undefined) throw new UsageError(`iptables-xml: line ${this.line} policy invalid`);
    const pair = /^\[([^:\]]*)(?::([^:\]]*))?/.exec(counters);
    // What cannot be read stays what it was for the chain before.
    const { packets, bytes } = this.last;
    this.last = { packets: parseCounter(pair?.[1] ?? "") ?? packets, bytes: parseCounter(pair?.[2] ?? "") ?? bytes };
    const kept = name.slice(0, MOST_IN_NAME);
    this.chains.set(kept, {
      name: kept,
      policy,
      ...this.last,
      shown: false,
    });
  }

  private rule(text: string): void {
    let from = 0;
    let counters = "";
    if (text.startsWith("[")) {
      const close = text.indexOf("]");
      const pair = /^\[:*([^:]+):+([^\]]+)\]/.exec(text);
      if (close < 0 || !pair) throw new UsageError(`Bad line ${this.line}: need ]`);
      counters = `packet-count="${encodeXml(pair[1] ?? "")}" byte-count="${encodeXml(pair[2] ?? "")}" `;
      from = close + 1;
    }
    const words = wordsOf(text, from);
    const chain = words[words.findIndex(({ text: word }) => word === "-A" || word === "--append") + 1];
    if (!chain || chain === words[0]) throw new UsageError(`iptables-xml: line ${this.line} failed - no chain found`, { status: 1 });
    const target = words.findIndex(isTargetWord);
    const conditions = words.slice(2, target < 0 ? undefined : target);
    if (this.combine && this.inRule && this.mayCombine(words)) {
      this.out += "<!-- Combine action from next rule -->\n";
    } else {
      this.needChain(chain.text);
      this.closeRule();
      this.out += `      <rule ${counters}>\n`;
      if (conditions.length) this.out += `       <conditions>\n${xmlConditions(conditions)}       </conditions>\n`;
      this.out += "       <actions>\n";
      this.inRule = true;
    }
    if (target >= 0) this.out += xmlAction(words.slice(target), name => name === this.chain || this.chains.has(name));
    this.before = words;
  }

  /** Rules of one chain with the same conditions become one with several actions, unless the first leaves no packet for the second. */
  private mayCombine(words: readonly Word[]): boolean {
    const { before } = this;
    const target = words.findIndex(isTargetWord);
    if (target < 3 || target !== before.findIndex(isTargetWord)) return false;
    for (let i = 0; i < target; i++) if (words[i]?.text !== before[i]?.text) return false;
    const how = before[target]?.text;
    return (how === "-j" || how === "--jump") && !TERMINAL.has(before[target + 1]?.text ?? "");
  }

  private needChain(name: string): void {
    if (name === this.chain) return;
    const chain = this.chains.get(name);
    if (!chain) return;
    this.closeChain();
    this.chain = name;
    chain.shown = true;
    this.out += `    ${chainStart(chain)}>\n`;
  }

  private closeRule(): void {
    if (this.inRule) this.out += "       </actions>\n\n      </rule>\n\n";
    this.inRule = false;
  }

  /** A rule of a chain that was never declared stands outside any, and is closed by what comes next. */
  private closeChain(): void {
    if (this.chain === "") return;
    this.closeRule();
    this.out += "    </chain>\n";
    this.chain = "";
  }

  private closeTable(): void {
    this.closeChain();
    for (const chain of this.chains.values()) if (!chain.shown) this.out += `    ${chainStart(chain)}/>\n`;
    this.chains = new Map();
    this.before = [];
    this.out += "  </table>\n";
    this.table = false;
  }
}

const chainStart = ({ name, policy, packets, bytes }: ChainLine): string =>
  `<chain name="${encodeXml(name)}" ${policy === "-" ? "" : `policy="${encodeXml(policy)}" `}packet-count="${BigInt.asIntN(64, packets)}" byte-count="${BigInt.asIntN(64, bytes)}" `;
