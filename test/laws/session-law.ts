/** The law that sessions end in the engine as the diagrams say: a session is played, packet by packet, and looked up. */
import { createFirewall, ordinaryOpener, Packet, runSession, type SessionResult } from "../../src/engine/index.ts";
import { Router, type Host } from "../../src/host/index.ts";
import { dissect, isFault, parseAddress, printNotation, specToBytes, type PacketSpec } from "../../src/packet/index.ts";
import type { Action, Field, Scalar, Value } from "../../src/predicate/index.ts";
import type { Ruleset, Sets } from "../../src/ruleset/index.ts";
import { Results } from "../../src/symbolic/index.ts";
import { Sessions, type SessionEnd, type SessionPath } from "../../src/symbolic/index.ts";
import { surveyed } from "../../src/symbolic/index.ts";
import { readIpsets, readSave } from "../../src/syntax/index.ts";
import { LOCAL, PORTS, REMOTE, UIDS } from "../kernel/generate/pools.ts";
import { seededRandom, type Random } from "../kernel/generate/random.ts";
import { generateRuleset, rulesetText } from "../kernel/generate/ruleset.ts";
import { SET_TEXT } from "../kernel/generate/sets.ts";
import { machineHost } from "../kernel/host.ts";
import type { Amount } from "./chain-law.ts";
import { leavesFor } from "./evaluate.ts";
import { mapRules, withoutConditions } from "./random-filter.ts";

/** 2026-01-01 in µs. */
export const START = 1_767_225_600_000_000;

/** What sessions came to. */
export interface SessionsTried {
  readonly pairs: number;
  /** Sessions to which the diagrams gave one answer whatever nobody knows. */
  readonly exact: number;
  readonly ends: ReadonlyMap<string, number>;
  readonly disagreements: readonly string[];
  /** Sessions that were left out, by the reason. */
  readonly skipped: ReadonlyMap<string, number>;
}

/** Targets that do more than a packet set can say: another machine takes part, or a program. */
export const ELSEWHERE: ReadonlySet<string> = new Set(["tproxy", "synproxy", "queue", "tee", "unknown", "sets"]);

/** Zones of connections are not followed either. */
const isElsewhere = (action: Action): boolean => ELSEWHERE.has(action.do) || (action.do === "track" && action.zone !== undefined);

/** Random rulesets of all tables, their conditions decided by chance, and random sessions through them. */
export function sessionLaw({ from, rulesets, packets }: Amount): SessionsTried {
  const ends = new Map<string, number>();
  const skipped = new Map<string, number>();
  const disagreements: string[] = [];
  let pairs = 0;
  let exact = 0;
  for (let seed = from; seed < from + rulesets; seed++) {
    const random = seededRandom(seed);
    const family = random.oneIn(3) ? 6 : 4;
    const bench = new Bench(randomRuleset(random, family));
    for (let left = packets; left > 0; left--) {
      const found = bench.judge(randomOpener(random, family));
      if (typeof found === "string") {
        skipped.set(found, (skipped.get(found) ?? 0) + 1);
        continue;
      }
      pairs++;
      ends.set(found.seen, (ends.get(found.seen) ?? 0) + 1);
      if (found.said.length === 1) exact++;
      if (!found.said.includes(found.seen) && disagreements.length < 5) disagreements.push(`seed ${seed}: ${found.text}`);
    }
  }
  return { pairs, exact, ends, disagreements, skipped };
}

/** The first disagreement of a seed, and a way to ask again of fewer rules. */
export function sessionCase(seed: number, packets: number): { ruleset: Ruleset; opener: PacketSpec; judge: typeof judgeAgain } | undefined {
  const random = seededRandom(seed);
  const family = random.oneIn(3) ? 6 : 4;
  const ruleset = randomRuleset(random, family);
  for (let left = packets; left > 0; left--) {
    const opener = randomOpener(random, family);
    if (judgeAgain(ruleset, opener) !== undefined) return { ruleset, opener, judge: judgeAgain };
  }
  return undefined;
}

/** What is wrong with a ruleset's answer to a session; undefined when nothing is. */
export function judgeAgain(ruleset: Ruleset, opener: PacketSpec): string | undefined {
  const found = new Bench(ruleset).judge(opener);
  return typeof found === "string" || found.said.includes(found.seen) ? undefined : found.text;
}

/** One session, by the engine and by the diagrams. */
interface Judged {
  readonly seen: string;
  readonly said: readonly string[];
  readonly text: string;
}

/** A ruleset on the machine of the kernel comparison, for the engine and for the diagrams. */
class Bench {
  readonly #ruleset: Ruleset;
  readonly #host: Host;
  readonly #sets: Sets = readIpsets(SET_TEXT, "sets", START).sets;
  readonly #sessions: Sessions;

  constructor(ruleset: Ruleset) {
    const { family } = ruleset;
    this.#ruleset = ruleset;
    this.#host = machineHost(family, "silent", false);
    const space = surveyed({ family, rulesets: [ruleset], host: this.#host, sets: this.#sets, now: START });
    this.#sessions = new Sessions(ruleset, new Results(space));
  }

  /** A sentence for a session that cannot be compared. */
  judge(opener: PacketSpec): Judged | string {
    const played = play(this.#ruleset, this.#host, this.#sets, opener);
    const found = lookedUp(this.#sessions, this.#host, opener, played);
    if (typeof found === "string") return found;
    const seen = endOf(played);
    const text = `${printNotation(opener)}: engine ${seen} (${played.died?.step ?? ""} ${played.died?.reason ?? ""}), diagrams of ${found.path} ${found.ends.join(" or ")}`;
    return { seen, said: found.ends, text };
  }
}

/** A ruleset of the kernel comparison's generator whose opaque conditions are constants, drawn by chance. */
export function randomRuleset(random: Random, family: 4 | 6): Ruleset {
  const { ruleset, faults } = readSave(rulesetText(generateRuleset(random, family, "plain")), "random", { family });
  if (!ruleset || faults.length > 0) throw new Error(faults[0]?.message ?? "refused");
  const within = mapRules(ruleset, rules => rules.filter(({ target }) => target === undefined || !isElsewhere(target.action)));
  return withoutConditions(random, within);
}

/** A session's first packet between hosts that the rules know, or a program of the machine. */
export function randomOpener(random: Random, family: 4 | 6): PacketSpec {
  const devices = ["eth0", "eth1", "ppp0"];
  const from = random.pick([...devices, "local"]);
  const to = random.pick([...devices, "local", "local"].filter(device => device === "local" || device !== from));
  const address = (device: string): Scalar => {
    const text = random.pick(device === "local" ? LOCAL[family] : (REMOTE[family][device] ?? []));
    const parsed = parseAddress(text);
    if (parsed === undefined) throw new Error(text);
    return parsed;
  };
  const icmp = random.oneIn(5);
  const protocol = icmp ? (family === 4 ? 1 : 58) : random.pick([6, 6, 17]);
  const ports = (): { port?: number } => (icmp ? {} : { port: Math.max(1, random.pick(PORTS)) });
  return ordinaryOpener({
    session: true,
    family,
    protocol,
    source: { address: address(from), ...ports() },
    destination: { address: address(to), ...ports() },
    ...(protocol === 6 ? { tcpFlags: 2 } : {}),
    ...(icmp ? { icmp: { type: family === 4 ? 8 : 128, code: 0 } } : {}),
    ...(from === "local" ? { uid: random.pick(UIDS), gid: 0 } : { in: from, ...(from === "ppp0" ? {} : { mac: 0x02ff000000fe }) }),
  });
}

/** Plays a session through a fresh firewall. */
export function play(ruleset: Ruleset, host: Host, sets: Sets, opener: PacketSpec): SessionResult {
  const rules = ruleset.family === 4 ? { v4: ruleset } : { v6: ruleset };
  const firewall = createFirewall({ ...rules, host, sets, start: START, random: () => 0x5eed });
  return runSession(firewall, opener, START + 1000, 10_000, { again: true, trace: true });
}

/** `usable`, or the part that failed: the diagrams do not say which packet of the rest. */
export function endOf({ died }: SessionResult): string {
  if (died === undefined) return "usable";
  return died.past ? "past" : (["refused", "answer"][died.packet - 1] ?? "rest");
}

const wordOf = ({ end, role }: SessionEnd): string => (end === "half-open" ? (role === "answer" || role === "past" ? role : "rest") : end);

/** What the diagrams say of a session that was played; a sentence where it cannot be looked up. */
function lookedUp(
  sessions: Sessions,
  host: Host,
  opener: PacketSpec,
  played: SessionResult,
): { readonly path: string; readonly ends: readonly string[] } | string {
  const first = played.steps[0];
  if (first === undefined) return "nothing was sent";
  const last = played.steps.at(-1)?.outcome;
  if (!played.complete && last?.decidedBy === undefined) return `the stack: ${played.died?.reason ?? ""}`;
  if (setsOutElsewhere(opener, played)) return "NAT of INPUT makes an answer set out by another interface";
  // What comes after an answer is the answer's way.
  const answered = first.outcome.events.findIndex(({ event }) => event === "answer");
  const events = first.outcome.events.slice(0, answered < 0 ? undefined : answered);
  const passed = events.flatMap(event => (event.event === "hook" ? [event] : []));
  const turned = events.some(event => event.event === "rewrite" && event.field === "daddr");
  const sent = opener.in === undefined;
  const outs = passed.flatMap(each => (each.out === "" ? [] : [each.out]));
  const found = (sent ? (["out", "local"] as const) : (["in", "forward"] as const)).map(path => {
    const fields = fieldsOf(host, opener);
    fields.set("iif", sent ? "" : opener.in);
    if (path === "in") fields.set("oif", "");
    // Where NAT made the machine choose another way, the interface is left open.
    else if (path !== "local" && !(sent && turned) && outs.length > 0 && outs[0] === outs.at(-1)) fields.set("oif", outs[0]);
    return { path, ends: endsOn(sessions, path, opener, fields) };
  });
  const all = found.flatMap(each => each.ends);
  const ends = new Set(all.filter(end => end !== "elsewhere" || all.every(each => each === end)));
  // What one packet has and another has not (its length, its options) is one question to the diagrams: which part fails then is open.
  if (ends.size > 1 && (ends.has("answer") || ends.has("rest"))) ends.add("answer").add("rest");
  return { path: found.map(({ path }) => path).join(" and "), ends: [...ends] };
}

/** Does NAT of INPUT make the server answer an address that lies behind another interface than the client? */
function setsOutElsewhere(opener: PacketSpec, { steps: [first, answer] }: SessionResult): boolean {
  if (opener.in === undefined || !first?.outcome.delivered || !answer) return false;
  const mapped = first.outcome.events.some(event => event.event === "rewrite" && event.field === "saddr");
  return mapped && answer.outcome.events.some(event => event.event === "hook" && event.hook === "OUTPUT" && event.out !== opener.in);
}

function endsOn(sessions: Sessions, path: SessionPath, { protocol, icmp }: PacketSpec, fields: ReadonlyMap<Field, Value>): string[] {
  const kind = sessions
    .on(path)
    .find(each => each.kind.protocol === protocol && (each.kind.icmpType === undefined || each.kind.icmpType === icmp?.type));
  if (!kind) throw new Error(`no kind of session for protocol ${protocol}`);
  return leavesFor(sessions.space, kind.diagram, fields).map(leaf => wordOf(sessions.endOf(leaf)));
}

/** Fields that the client's packets all have alike. */
const LASTING: readonly Field[] = [
  "saddr",
  "daddr",
  "sport",
  "dport",
  "protocol",
  "ttl",
  "tos",
  "mac",
  "uid",
  "gid",
  "socket",
  "extheaders",
  "fragid",
];

function fieldsOf(host: Host, opener: PacketSpec): Map<Field, Value> {
  const bytes = specToBytes(opener);
  const layout = dissect(bytes);
  if (isFault(layout)) throw new Error(layout.fault);
  const router = new Router(host);
  const packet = new Packet(bytes, layout, router, START, {
    in: opener.in === undefined ? undefined : router.interfaces.get(opener.in),
    mac: opener.mac,
    uid: opener.uid,
    gid: opener.gid,
    socket: opener.in === undefined,
  });
  return new Map(LASTING.map(field => [field, packet.value(field)]));
}
