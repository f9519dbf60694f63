import { interfaceText, serviceNames } from "../analysis/names/index.ts";
import type { Certainty, PolicyRow, PolicySection, ServiceClass, StrayRow } from "../analysis/policy-report.ts";
import type { Path, Role, RulePointer } from "../analysis/witness.ts";
import { printable } from "./printable.ts";

/** Where the sessions of a section go. */
export const PATH_WORDS: Readonly<Record<Path, string>> = {
  in: "to this machine",
  out: "from this machine",
  forward: "through this machine",
  local: "from this machine to itself",
};

/** What a packet of a session is, in a sentence about what becomes of it. */
export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  opener: "the first packet",
  answer: "the answer",
  past: "the answer: the server sends it past this machine",
  "rest-client": "the client's next packet",
  "rest-server": "the server's next packet",
};

/** Why a half-open session is no more than that, in a clause. */
export const HALF_WORDS: Readonly<Record<Role, string>> = {
  opener: "the opener does not get through",
  answer: "the answer does not get through",
  past: "the server answers its neighbour directly, past this machine",
  "rest-client": "what the client sends later does not get through",
  "rest-server": "what the server sends later does not get through",
};

/** What a kind of stray is. */
export const STRAY_WORDS: Readonly<Record<StrayRow["kind"], string>> = {
  "stateless-reply": "replies nobody asked for",
  "mid-stream": "connections picked up in the middle",
  invalid: "invalid packets",
  "source-port-hole": "a source port that opens everything",
  spoofed: "forged sources",
  untracked: "untracked packets",
};

/** `IPv4, to this machine` */
export const sectionTitle = ({ family, path }: PolicySection): string => `IPv${family}, ${PATH_WORDS[path]}`;

/** `rules.v4:12 filter INPUT rule 6: -p tcp -j DROP`, or `the policy of filter INPUT`. Printable. */
export function pointerText({ table, chain, number, file, line, text }: RulePointer): string {
  const place = `${table} ${chain}`;
  if (number === undefined) return printable(`the policy of ${place}${text === "" ? "" : ` (${text})`}`);
  const source = line === 0 ? file : `${file}:${line}`;
  return printable(`${source === "" ? "" : `${source} `}${place} rule ${number}: ${text}`);
}

/** A rule without its text: `filter INPUT rule 6 (line 12)`, `the policy of filter INPUT`. Printable. */
export function pointerPlace({ table, chain, number, line }: RulePointer): string {
  if (number === undefined) return printable(`the policy of ${table} ${chain}`);
  return printable(`${table} ${chain} rule ${number}${line === 0 ? "" : ` (line ${line})`}`);
}

/** The services of a row; empty ones never occur. Printable. */
export const servicesText = (services: readonly ServiceClass[]): string => printable(serviceNames(services).join(", "));

/** What an answer depends on; empty for one that is sure. Printable. */
export const dependsText = (certainty: Certainty): string => (certainty.sure ? "" : printable(certainty.depends.join("; ")));

/** Why a half-open session is no more than that: `the answer is stopped by …`. Printable. */
export function failureText({ fails }: PolicyRow): string {
  if (fails === undefined) return "";
  const role = ROLE_WORDS[fails.role];
  return fails.by === undefined ? role : `${role}: stopped by ${pointerPlace(fails.by)}`;
}

/** Exact answers in percent: `100 %`, `99.9 %`; what is less than all never reads as all. */
export function exactText(share: number): string {
  if (share >= 1) return "100 %";
  const percent = Math.floor(Math.max(0, share) * 1000) / 10;
  return `${percent} %`;
}

/** `a`, `a or b`, `a, b or c` */
export const either = (words: readonly string[]): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1) as string}`;

/** `eth0`, `eth0 or any other`. Printable. */
export const interfacesText = (names: readonly string[]): string => printable(either(names.map(interfaceText)));
