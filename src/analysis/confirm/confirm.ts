import {
  createFirewall,
  ordinaryOpener,
  runPacket,
  runSession,
  sessionFault,
  type Firewall,
  type Outcome,
  type SessionResult,
} from "../../engine/index.ts";
import type { Host } from "../../host/index.ts";
import { isNotationFault, parseNotation, type PacketSpec } from "../../packet/index.ts";
import type { Family, Scalar } from "../../predicate/index.ts";
import type { Ruleset, Sets } from "../../ruleset/index.ts";
import type { Behind, Confirmation, Path, Role, Witness } from "../witness.ts";
import { supposable, type Supposable } from "./conditions.ts";
import { decisionPointer } from "./pointer.ts";
import { setOut, stageFor } from "./stage.ts";

/** The rules that a witness is run through, and what they stand on. */
export interface Stand {
  readonly v4?: Ruleset | undefined;
  readonly v6?: Ruleset | undefined;
  readonly sets?: Sets | undefined;
  /** Without one, a machine is made for each witness on which its packet takes its path. */
  readonly host?: Host | undefined;
}

/** µs since the epoch at which witnesses set out, unless said: conditions of time are supposed, not met. */
const NOON = 1_700_000_000_000_000;

/** Runs a witness in the engine, under the conditions that it supposes, and compares what happens with what it claims. Never throws. */
export function confirm(witness: Witness, stand: Stand, now: number = NOON): Confirmation {
  const spec = parseNotation(witness.packet);
  if (isNotationFault(spec)) return failed(`the packet cannot be read: ${spec.message}`);
  const fault = witness.about === "session" ? sessionFault(spec) : undefined;
  if (fault !== undefined) return failed(fault);
  const ready = readyFor(stand, now);
  const { path } = witness;
  const host = stand.host && withoutListeners(stand.host);
  const said = setOut(spec, path, host);
  const packet = witness.about === "session" ? ordinaryOpener(said) : said;
  ready.suppose(witness.depends, packet);
  const run = (machine: Host): Shown => {
    const firewall = ready.on(machine);
    return witness.about === "session" ? showSession(firewall, packet, now, witness.behind) : showPacket(firewall, packet, now);
  };
  const invented = host === undefined;
  const judged = (machine: Host): Judged => {
    const shown = run(machine);
    return { shown, reason: strayed(shown.first, packet, path, invented) ?? contradiction(witness, shown) };
  };
  let { shown, reason } = judged(host ?? stageFor(packet, path, []));
  if (invented && reason !== undefined) {
    // NAT may lead it where the machine has no way yet, or it is for an address of the machine before NAT.
    const turned = destinationOf(shown.first);
    const others = turned === undefined || turned === packet.destination.address ? [] : [turned];
    for (const way of waysOf(packet, path, ofFamily(stand, witness.family)))
      for (const own of path === "forward" ? [false, true] : [false]) {
        if (reason === undefined) break;
        let again = judged(stageFor(way, path, others, own));
        const late = again.reason === undefined ? undefined : destinationOf(again.shown.first);
        // Some NAT asks whether the destination is the machine's own, and so leads elsewhere only now.
        if (late !== undefined && late !== packet.destination.address && !others.includes(late))
          again = judged(stageFor(way, path, [...others, late], own));
        if (again.reason === undefined) ({ shown, reason } = again);
      }
  }
  // What a session that works owes it to is who let its opener in. Who decided something else than is claimed says nothing of the claim.
  const decides = reason === undefined && shown.role !== "past";
  const decision = decides ? (shown.claim === "usable" ? shown.first : shown.last).decidedBy : undefined;
  const decidedBy = decision && decisionPointer(decision, ofFamily(stand, witness.family));
  return { confirmed: reason === undefined, reason: reason ?? "", decidedBy };
}

/** Rules made ready to run witnesses through. */
interface Ready extends Pick<Supposable, "suppose"> {
  on(host: Host): Firewall;
}

/** What was made ready before, by the rules of one family; rules are made ready once for all witnesses. */
const READY = new WeakMap<Ruleset, { readonly stand: Stand; readonly now: number; readonly ready: Ready }>();

function readyFor(stand: Stand, now: number): Ready {
  const key = stand.v4 ?? stand.v6;
  const known = key && READY.get(key);
  if (known && known.stand.v4 === stand.v4 && known.stand.v6 === stand.v6 && known.stand.sets === stand.sets && known.now === now)
    return known.ready;
  const ready = makeReady(stand, now);
  if (key !== undefined) READY.set(key, { stand, now, ready });
  return ready;
}

function makeReady({ v4, v6, sets }: Stand, now: number): Ready {
  const [four, six] = [v4 && supposable(v4), v6 && supposable(v6)];
  // What rules write into sets must not be there for the next witness.
  const lasting = [v4, v6].every(ruleset => ruleset === undefined || !changesSets(ruleset));
  let like: Firewall | undefined;
  return {
    suppose(conditions, opener) {
      four?.suppose(conditions, opener);
      six?.suppose(conditions, opener);
    },
    on(host) {
      const firewall = createFirewall({ v4: four?.ruleset, v6: six?.ruleset, host, sets, start: now, random: () => 7, like });
      if (lasting) like = firewall;
      return firewall;
    },
  };
}

function changesSets({ tables }: Ruleset): boolean {
  for (const { chains } of tables.values())
    for (const { rules } of chains.values()) if (rules.some(({ target }) => target?.action.do === "sets")) return true;
  return false;
}

/** The packet by each interface that it may leave by: the one that it names, else those that rules name. */
function waysOf(packet: PacketSpec, path: Path, ruleset: Ruleset | undefined): readonly PacketSpec[] {
  if (path !== "forward" || packet.out !== undefined || ruleset === undefined) return [packet];
  const names = new Set<string>();
  for (const { chains } of ruleset.tables.values())
    for (const { rules } of chains.values())
      for (const { header } of rules) {
        const { name, wildcard } = header.outInterface ?? { name: "lo", wildcard: false };
        if (name !== "" && name !== "lo" && names.size < MOST_WAYS) names.add(wildcard ? `${name}0` : name);
      }
  return [packet, ...[...names].map(out => ({ ...packet, out }))];
}

/** Interfaces that are tried. */
const MOST_WAYS = 8;

const failed = (reason: string): Confirmation => ({ confirmed: false, reason, decidedBy: undefined });

const ofFamily = ({ v4, v6 }: Stand, family: Family): Ruleset | undefined => (family === 4 ? v4 : v6);

/** Whether somebody listens is not the rules' affair. */
function withoutListeners(host: Host): Host {
  const { listeners, ...machine } = host;
  return listeners === undefined ? host : machine;
}

/** A run, and what speaks against the claim. */
interface Judged {
  readonly shown: Shown;
  readonly reason: string | undefined;
}

/** What a run showed. */
interface Shown {
  readonly claim: Witness["claim"];
  /** Of a half-open session. */
  readonly role: Role | undefined;
  readonly why: string;
  readonly first: Outcome;
  /** The packet at which it ended. */
  readonly last: Outcome;
}

function showPacket(firewall: Firewall, spec: PacketSpec, now: number): Shown {
  const outcome = runPacket(firewall, spec, now, { trace: true, stack: false });
  return { claim: PACKET_CLAIMS[outcome.verdict], role: undefined, why: outcome.reason, first: outcome, last: outcome };
}

const PACKET_CLAIMS: Readonly<Record<Outcome["verdict"], Witness["claim"]>> = {
  delivered: "accepted",
  forwarded: "accepted",
  sent: "accepted",
  dropped: "dropped",
  // Nobody is there to take it.
  queued: "dropped",
  stolen: "dropped",
  rejected: "rejected",
};

function showSession(firewall: Firewall, opener: PacketSpec, now: number, behind: Behind = {}): Shown {
  const result = runSession(firewall, opener, now, undefined, { trace: true, again: true, ...behind });
  const first = result.steps[0]?.outcome;
  const last = result.steps.at(-1)?.outcome;
  if (first === undefined || last === undefined) throw new Error("a session without a packet");
  const claim = result.complete ? "usable" : result.died?.packet === 1 ? "refused" : "half-open";
  return { claim, role: claim === "half-open" ? roleOf(result) : undefined, why: result.died?.reason ?? "", first, last };
}

/** The part that the packet at which a session ended played. */
function roleOf({ died }: SessionResult): Role {
  if (died === undefined || died.packet === 1) return "opener";
  if (died.packet === 2) return died.past ? "past" : "answer";
  return died.from === "client" ? "rest-client" : "rest-server";
}

/** Where else a packet went than it was to go; undefined when it kept to its path, as far as it came. */
function strayed({ events }: Outcome, { out }: PacketSpec, path: Path, invented: boolean): string | undefined {
  let left: string | undefined;
  for (const event of events) {
    if (event.event === "answer") break;
    if (event.event !== "route") continue;
    switch (event.decision) {
      case "local":
        return path === "forward" ? "it is for this machine" : undefined;
      case "none":
        // A machine made for the packet would have a way for it.
        return invented ? `it goes nowhere: ${event.reason}` : undefined;
      case "forward":
        if (path !== "forward") return `it is forwarded to ${event.device}`;
        return out !== undefined && out !== event.device ? `it leaves by ${event.device}` : undefined;
      case "output":
        left = event.device;
    }
  }
  if (left === undefined || path === "in" || path === "forward") return undefined;
  if (path === "local") return left === "lo" ? undefined : `it leaves by ${left}`;
  return left === "lo" || (out !== undefined && out !== left) ? `it leaves by ${left}` : undefined;
}

/** The destination that a packet had when its way was chosen. */
function destinationOf({ events }: Outcome): Scalar | undefined {
  let found: Scalar | undefined;
  for (const event of events) {
    if (event.event === "route") break;
    if (event.event === "rewrite" && event.field === "daddr" && typeof event.to !== "string") found = event.to;
  }
  return found;
}

/** What a run shows against the claim; undefined when it shows it. */
function contradiction({ claim, role }: Witness, shown: Shown): string | undefined {
  if (claim !== shown.claim) return `${shown.claim}${shown.why === "" ? "" : `: ${shown.why}`}`;
  if (claim === "half-open" && role !== undefined && role !== shown.role)
    return `it ends at ${ROLES[shown.role ?? "opener"]}: ${shown.why}`;
  return undefined;
}

const ROLES: Readonly<Record<Role, string>> = {
  opener: "the first packet",
  answer: "the answer",
  past: "the answer, which goes past this machine",
  "rest-client": "a later packet of the client",
  "rest-server": "a later packet of the server",
};
