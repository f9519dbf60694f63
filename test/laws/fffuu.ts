/** What a verified analyser published of some real rulesets (corpus/fffuu, see its README.md), as plain data. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseAddress, parsePrefix } from "./address-words.ts";

export const FOLDER: string = resolve("../shared/corpus/fffuu");

/** Why there is nothing to compare with; undefined when there is. */
export const missing: string | undefined = existsSync(FOLDER) ? undefined : `there is no ${FOLDER}`;

/** Inclusive ranges, sorted, not touching. */
export type Ranges = readonly (readonly [low: number, high: number])[];

/** One line of their simplified firewall: first match wins; undefined means any. Interfaces with a final `+` mean all of that kind. */
export interface SimpleRule {
  readonly accept: boolean;
  readonly protocol: string;
  readonly source: readonly [low: number, high: number];
  readonly destination: readonly [low: number, high: number];
  readonly in: string | undefined;
  readonly out: string | undefined;
  readonly sports: readonly [low: number, high: number] | undefined;
  readonly dports: readonly [low: number, high: number] | undefined;
}

/** A service matrix: classes of addresses, and which may open the service to which (indexes of classes). */
export interface Matrix {
  readonly sourcePort: number;
  readonly port: number;
  readonly classes: readonly Ranges[];
  readonly edges: readonly (readonly [client: number, server: number])[];
}

/** Their whole answer for one chain. */
export interface Answer {
  /** `memphis` */
  readonly name: string;
  readonly chain: "INPUT" | "FORWARD";
  /** iptables-save text. */
  readonly rules: string;
  readonly simple: readonly SimpleRule[];
  readonly matrices: readonly Matrix[];
}

/** Every answer of the folder, by name and chain. */
export function answers(): Answer[] {
  return readdirSync(FOLDER)
    .filter(file => file.endsWith(".out"))
    .toSorted()
    .map(file => {
      const [name = "", chain] = file.split(".");
      if (chain !== "INPUT" && chain !== "FORWARD") throw new Error(`${file}: unknown chain`);
      return {
        name,
        chain,
        rules: loadable(readFileSync(`${FOLDER}/${name}.rules`, "utf8")),
        ...readAnswer(readFileSync(`${FOLDER}/${file}`, "utf8")),
      };
    });
}

/**
 * The rules as iptables-restore takes them: one file has blanks at the ends of lines, which it refuses after COMMIT; in another the hardware
 * addresses are blacked out, and each becomes one of its own.
 */
export function loadable(rules: string): string {
  let mac = 0;
  const next = (): string => {
    const digits = (++mac).toString(16).padStart(6, "0");
    return `02:00:00:${digits.slice(0, 2)}:${digits.slice(2, 4)}:${digits.slice(4)}`;
  };
  return rules.replaceAll(/ +$/gm, "").replaceAll("XX:XX:XX:XX:XX:XX", next);
}

/** Reads one printed answer; throws on a line that it does not understand. */
export function readAnswer(text: string): Pick<Answer, "simple" | "matrices"> {
  const simple: SimpleRule[] = [];
  const matrices: Matrix[] = [];
  let section = "";
  let letters: string[] = [];
  let open: { classes: Ranges[]; edges: [number, number][] } | undefined;
  for (const line of text.split("\n")) {
    const title = /^==+ (.*?) ==+$/.exec(line)?.[1];
    const ports = /^=+ TCP port (\d+)->(\d+) =+$/.exec(line);
    if (ports) {
      open = { classes: [], edges: [] };
      letters = [];
      matrices.push({ sourcePort: Number(ports[1]), port: Number(ports[2]), ...open });
    } else if (title !== undefined) {
      section = title;
    } else if (open && line.includes(" |-> ")) {
      const [letter = "", ranges = ""] = line.split(" |-> ");
      letters.push(letter);
      open.classes.push(readRanges(ranges));
    } else if (open && line !== "") {
      const edge = /^\((\w+),(\w+)\)$/.exec(line);
      const [client, server] = [letters.indexOf(edge?.[1] ?? ""), letters.indexOf(edge?.[2] ?? "")];
      if (client < 0 || server < 0) throw new Error(`no edge: ${line}`);
      open.edges.push([client, server]);
    } else if (section === "to simple firewall" && line !== "") {
      simple.push(readSimple(line));
    }
  }
  return { simple, matrices };
}

function readSimple(line: string): SimpleRule {
  const [action, protocol = "", , source = "", destination = "", ...rest] = line.trim().split(/\s+/);
  if (action !== "ACCEPT" && action !== "DROP") throw new Error(`no simple rule: ${line}`);
  const word = (name: string): string | undefined => {
    const at = rest.indexOf(`${name}:`);
    return at < 0 ? undefined : rest[at + 1];
  };
  const ports = (name: string): readonly [number, number] | undefined => {
    const [low, high = low] = word(name)?.split(":") ?? [];
    return low === undefined ? undefined : [Number(low), Number(high)];
  };
  return {
    accept: action === "ACCEPT",
    protocol,
    source: parsePrefix(source),
    destination: parsePrefix(destination),
    in: word("in"),
    out: word("out"),
    sports: ports("sports"),
    dports: ports("dports"),
  };
}

/** `{10.0.0.0 .. 10.0.0.9} u 10.0.0.12` */
function readRanges(text: string): Ranges {
  return text.split(" u ").map(part => {
    const [low = "", high = low] = part.replace(/[{}]/g, "").trim().split(" .. ");
    return [parseAddress(low), parseAddress(high)] as const;
  });
}

/** The simplified firewall as a ruleset whose FORWARD or INPUT chain means the same. */
export function simpleRuleset(rules: readonly SimpleRule[], chain: "INPUT" | "FORWARD"): string {
  const lines = rules.map(rule => {
    const words = [`-A ${chain}`];
    if (rule.in !== undefined) words.push(`-i ${rule.in}`);
    if (rule.out !== undefined) words.push(`-o ${rule.out}`);
    if (rule.protocol !== "all") words.push(`-p ${rule.protocol}`);
    words.push(`-m iprange --src-range ${rangeText(rule.source)} --dst-range ${rangeText(rule.destination)}`);
    if (rule.sports) words.push(`-m ${rule.protocol} --sport ${rule.sports.join(":")}`);
    if (rule.dports) words.push(`${rule.sports ? "" : `-m ${rule.protocol} `}--dport ${rule.dports.join(":")}`);
    return `${words.join(" ")} -j ${rule.accept ? "ACCEPT" : "DROP"}\n`;
  });
  return `*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n${lines.join("")}COMMIT\n`;
}

const dotted = (address: number): string => [24, 16, 8, 0].map(shift => (address >>> shift) & 255).join(".");
const rangeText = ([low, high]: readonly [number, number]): string => `${dotted(low)}-${dotted(high)}`;

/** A matrix whose classes are named by their ranges and stand in order: equal matrices are equal texts. */
export function matrixText({ classes, edges }: Pick<Matrix, "classes" | "edges">): string {
  const names = classes.map(ranges => ranges.map(rangeText).join(" u "));
  const lines = [...names.toSorted(), ...edges.map(([client, server]) => `${names[client]} -> ${names[server]}`).toSorted()];
  return lines.join("\n");
}
