import { among, CT_STATE, named, type Nat, type Scalar } from "../../predicate/index.ts";
import { sysctl } from "../../host/index.ts";
import type { Chain, Rule } from "../../ruleset/index.ts";
import { assignmentOf, NO, YES, type Diagram, type Shape } from "../../symbolic/index.ts";
import { printAddress } from "../../packet/index.ts";
import type { Finding } from "../finding.ts";
import { possibleOn } from "../model.ts";
import type { Path, RulePointer } from "../witness.ts";
import { fieldsAsked } from "./asked.ts";
import { found } from "./found.ts";
import type { Matter } from "./matter.ts";
import { networksWith } from "./networks.ts";
import { DATAGRAM, OPENER, packetsThat, proof, where, WHOLE, type Proof } from "./outlook.ts";
import { rulePointer } from "./subject.ts";

/** A rule that gives packets another destination, and the packets from outside that it gets, as they come in. */
interface Diversion {
  readonly at: RulePointer;
  readonly nat: Nat;
  readonly packets: Diagram;
}

const SHAPES: readonly Shape[] = [OPENER, DATAGRAM];

/** F08, F09, F10 and F38: destination NAT that leads nowhere, past a filter, or back into the network that it came from. */
export function diversions(matter: Matter): Finding[] {
  const all = [...diversionsOf(matter)];
  if (all.length === 0) return [];
  return [...all.flatMap(each => leadsNowhere(matter, each)), ...all.flatMap(each => hairpin(matter, each)), ...aroundFilters(matter, all)];
}

function* diversionsOf(matter: Matter): Generator<Diversion> {
  const sets = matter.table("nat");
  if (sets === undefined) return;
  const { family } = matter.subject;
  const { space } = matter;
  const leaving = space.fieldLevel("oif");
  for (const chain of sets.diagrams.table.chains.values()) {
    for (const [index, rule] of chain.rules.entries()) {
      const nat = rule.target?.action;
      if (nat?.do !== "nat" || nat.manip !== "destination") continue;
      const effective = where(matter, sets.rule(chain, index).effective, WHOLE);
      const packets = space.diagrams.quantify(space.diagrams.and(effective, fromWire(matter)), level => level === leaving, true);
      if (packets !== NO) yield { at: rulePointer(family, { table: "nat", chain, number: index + 1, rule }), nat, packets };
    }
  }
}

/** Packets that come in by an interface other than loopback. */
function fromWire({ model, space }: Matter): Diagram {
  const set = (name: string): Diagram => model.lowering.set(named("iif", name));
  return space.diagrams.not(space.diagrams.or(set("lo"), set("")));
}

/** Where translated packets can go: REDIRECT keeps them here; of other addresses only a host says which are its own. */
const pathsOf = ({ subject: { host } }: Matter, { nat }: Diversion): readonly Path[] =>
  nat.address.from === "interface" ? ["in"] : host === undefined ? ["forward"] : ["forward", "in"];

const onPath = (matter: Matter, path: Path, shape: Shape, { packets }: Diversion, wanted: (ending: string) => boolean): Diagram =>
  matter.space.diagrams.and(
    where(matter, packets, [...shape, ["ctstate", CT_STATE.NEW]]),
    packetsThat(matter, path, CT_STATE.NEW, shape, wanted),
  );

function leadsNowhere(matter: Matter, diversion: Diversion): Finding[] {
  const { at, nat } = diversion;
  const paths = pathsOf(matter, diversion);
  const { host, family } = matter.subject;
  const forwards = host === undefined || sysctl(host, family === 4 ? "net.ipv4.ip_forward" : "net.ipv6.conf.all.forwarding") !== 0;
  if (!forwards && !paths.includes("in")) return [];
  for (const path of paths)
    for (const shape of SHAPES)
      if ((path === "in" || forwards) && onPath(matter, path, shape, diversion, ending => ending === "accept") !== NO) return [];
  if (!forwards && onlyForwarded(matter, diversion))
    return [found("F08", at, "it sends packets to another machine, and this one does not forward (ip_forward is 0)")];
  const shown = refusalOf(matter, diversion, paths);
  if (shown === undefined) return [];
  const before = namingBefore(matter, diversion);
  const related = [...(shown.decidedBy ? [shown.decidedBy] : []), ...before];
  const hint =
    before.length === 0 ? "" : `; rule ${before[0]?.number} of ${before[0]?.chain} names the packets as they were before the translation`;
  const to = nat.address.from === "range" ? ` ${printAddress(nat.address.low)}` : " their new destination";
  return [found("F08", at, `what it sends to${to} is refused there${hint}`, { related, witness: shown.witness })];
}

/** Do none of the packets stay on this machine? */
function onlyForwarded(matter: Matter, diversion: Diversion): boolean {
  return SHAPES.every(shape => onPath(matter, "in", shape, diversion, ending => ending !== "elsewhere") === NO);
}

function refusalOf(matter: Matter, diversion: Diversion, paths: readonly Path[]): Proof | undefined {
  for (const path of paths)
    for (const shape of SHAPES)
      for (const [claim, wanted] of [
        ["dropped", "drop"],
        ["rejected", "reject"],
      ] as const) {
        const shown = proof(
          matter,
          onPath(matter, path, shape, diversion, ending => ending === wanted),
          { path, about: "packet", claim, shape },
        );
        if (shown) return shown;
      }
  return undefined;
}

/** Rules that accept in FORWARD what the packets were before their translation. */
function namingBefore(matter: Matter, { packets }: Diversion): RulePointer[] {
  return filterRules(matter, "accept").flatMap(({ rule, pointer, set }) => {
    const fields = fieldsAsked(rule);
    const names = fields.has("dport") && !fields.has("ctorigdstport");
    return names && matter.space.diagrams.and(set, packets) !== NO ? [pointer] : [];
  });
}

interface FilterRule {
  readonly rule: Rule;
  readonly chain: Chain;
  readonly pointer: RulePointer;
  /** What it matches, of whole packets, wherever they leave. */
  readonly set: Diagram;
}

function filterRules(matter: Matter, wanted: "accept" | "deny"): FilterRule[] {
  const sets = matter.table("filter");
  if (sets === undefined) return [];
  const { space } = matter;
  const leaving = space.fieldLevel("oif");
  const found: FilterRule[] = [];
  for (const chain of sets.diagrams.table.chains.values())
    for (const [index, rule] of chain.rules.entries()) {
      const action = rule.target?.action.do;
      if (wanted === "accept" ? action !== "accept" : action !== "drop" && action !== "reject") continue;
      const set = space.diagrams.quantify(where(matter, sets.diagrams.matches(rule), WHOLE), level => level === leaving, true);
      found.push({ rule, chain, pointer: rulePointer(matter.subject.family, { table: "filter", chain, number: index + 1, rule }), set });
    }
  return found;
}

/** F09 and F38: rules that refuse what destination NAT has taken elsewhere, or changed, before they are asked. */
function aroundFilters(matter: Matter, all: readonly Diversion[]): Finding[] {
  const sets = matter.table("filter");
  if (sets === undefined) return [];
  const { diagrams } = matter.space;
  const input = matter.model.lowering.set(named("oif", ""));
  const leaving = matter.space.fieldLevel("oif");
  const accepted = all.flatMap(diversion =>
    SHAPES.map(shape => ({ diversion, shape, set: onPath(matter, "forward", shape, diversion, ending => ending === "accept") })),
  );
  const findings: Finding[] = [];
  for (const { rule, chain, pointer, set } of filterRules(matter, "deny")) {
    const fields = fieldsAsked(rule);
    const byPort = fields.has("dport");
    // Only rules that say whom or what they refuse, and that packets come to.
    if ((!byPort && !fields.has("saddr")) || sets.entering(chain.name) === NO) continue;
    const inInput = diagrams.and(sets.entering(chain.name), input) !== NO;
    for (const { diversion, shape, set: reached } of accepted) {
      const mine = diagrams.quantify(where(matter, set, [...shape, ["ctstate", CT_STATE.NEW]]), level => level === leaving, true);
      const around = diagrams.and(reached, mine);
      const shown = around === NO ? undefined : proof(matter, around, { path: "forward", about: "packet", claim: "accepted", shape });
      if (shown === undefined) continue;
      findings.push(
        found(byPort ? "F09" : "F38", pointer, aroundText(byPort, inInput), { related: [diversion.at], witness: shown.witness }),
      );
      break;
    }
  }
  return findings;
}

function aroundText(byPort: boolean, inInput: boolean): string {
  if (!byPort) return "it refuses somebody who still reaches the service that nat forwards to another machine";
  return inInput
    ? "it refuses what nat diverts before INPUT is asked, and at the new destination it is accepted"
    : "it names the packets as they were before nat changed them, and changed they are accepted (--ctorigdstport asks for the port that they came for)";
}

/** F10: clients in the target's own network, whose answers would not come back this way. */
function hairpin(matter: Matter, diversion: Diversion): Finding[] {
  const { nat, at } = diversion;
  if (nat.address.from !== "range" || nat.address.low !== nat.address.high) return [];
  const target: Scalar = nat.address.low;
  const { diagrams } = matter.space;
  for (const { range, devices, text } of networksWith(matter.subject, target)) {
    const clients = diagrams.and(diversion.packets, matter.model.lowering.set(among("saddr", range)));
    for (const device of devices) {
      const shown = clients === NO ? undefined : backAgain(matter, clients, device);
      if (shown === undefined) continue;
      const rule = `-s ${text} -d ${printAddress(target)}/${typeof target === "bigint" ? 128 : 32} -j MASQUERADE`;
      return [
        found("F10", at, `clients in ${text}, where the target is too, get its answers from the wrong address, past this machine`, {
          witness: shown.witness,
          fix: {
            about: "translate the source of such packets too",
            edits: [{ do: "insert", table: "nat", chain: "POSTROUTING", number: 1, rule }],
          },
        }),
      ];
    }
  }
  return [];
}

/** A packet that leaves by the interface that it came in on, with the source that it had. */
function backAgain(matter: Matter, clients: Diagram, device: string): Proof | undefined {
  const { diagrams } = matter.space;
  const { lowering } = matter.model;
  const through = diagrams.and(diagrams.and(clients, lowering.set(named("iif", device))), lowering.set(named("oif", device)));
  for (const shape of SHAPES) {
    const set = diagrams.and(where(matter, through, [...shape, ["ctstate", CT_STATE.NEW]]), keptSource(matter, shape));
    const prefer = new Map([
      ["iif", [device]],
      ["oif", [device]],
    ] as const);
    const shown = proof(matter, set, { path: "forward", about: "packet", claim: "accepted", shape, prefer });
    if (shown) return shown;
  }
  return undefined;
}

/** Packets that are forwarded with the source that they had. */
function keptSource(matter: Matter, shape: Shape): Diagram {
  const { sessions, results, space } = matter;
  const known = new Map<number, number>();
  sessions.assume(known, "ctstate", CT_STATE.NEW);
  for (const [field, value] of shape) sessions.assume(known, field, value);
  const source = space.fieldLevel("saddr");
  const ends = space.diagrams.assume(sessions.packets("forward"), known);
  const kept = space.diagrams.mapLeaves(ends, leaf => {
    const { ending, transform } = results.of(leaf);
    return ending === "accept" && assignmentOf(transform, source) === undefined ? YES : NO;
  });
  return space.diagrams.and(kept, possibleOn(matter.model, "forward"));
}
