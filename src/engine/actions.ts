import { CT_INFO } from "../conntrack/index.ts";
import type { Action, Field, SetField, Value } from "../predicate/index.ts";
import type { CompiledRule, CompiledTable } from "./compile.ts";
import type { Journey } from "./journey.ts";
import { logLine } from "./log.ts";
import type { Machine } from "./machine.ts";
import type { Packet } from "./packet.ts";
import { reject } from "./reject.ts";
import { translatePrefix } from "./prefix.ts";
import { addedHops, flagByte, setField, setMaximumSegment, wantedValue } from "./rewrite.ts";
import { stripOptions } from "./strip-options.ts";
import { proxyHandshake } from "./synproxy.ts";
import { sendCopy } from "./tee.ts";
import { proxy } from "./tproxy.ts";
import { placeOf, type Execute } from "./traverse.ts";
import { VERDICT, type Verdict } from "./verdict.ts";

/** What the actions of rules do on a machine; jumps and returns are the traversal's own. */
export function executeOn(machine: () => Machine): Execute {
  return (entry, table, packet, journey) => execute(machine(), entry, table, packet, journey);
}

function execute(machine: Machine, entry: CompiledRule, table: CompiledTable, packet: Packet, journey: Journey): Verdict {
  const { action } = entry;
  switch (action.do) {
    case "accept":
      return VERDICT.ACCEPT;
    case "drop":
      return VERDICT.DROP;
    case "reject":
      reject(machine, packet, action.with, journey);
      packet.rejected = true;
      return VERDICT.DROP;
    case "queue":
      // No program is known to listen: a bypassing rule then accepts, any other waits in vain.
      journey.reason = `queued to a program (NFQUEUE ${queueOf(action, packet)})`;
      return action.bypass ? VERDICT.ACCEPT : VERDICT.QUEUE;
    case "nat":
      journey.mapping = action;
      return VERDICT.ACCEPT;
    case "log": {
      const place = placeOf(table, entry);
      const line = logLine(packet, action);
      journey.logs.push({ level: action.level, text: line, place });
      journey.events?.push({ event: "log", place, line });
      return VERDICT.CONTINUE;
    }
    case "track":
      track(packet, action);
      return VERDICT.CONTINUE;
    case "set":
      for (let step: SetField | undefined = action; step !== undefined; step = step.next) {
        // The flags are the one thing that is written into a header that may be cut. Kernel: ipt_ECN.c, set_ect_tcp.
        if (step.field === "tcpflags" && packet.protocol === TCP && flagByte(packet) === undefined)
          return refuse(journey, "its TCP header is cut, and cannot be written");
        write(packet, step, journey, entry);
      }
      return VERDICT.CONTINUE;
    case "add":
      write(packet, action, journey, entry);
      return VERDICT.CONTINUE;
    case "mss":
      return clamp(machine, packet, action.to, journey, entry) ? VERDICT.CONTINUE : VERDICT.DROP;
    case "nflog": {
      const { group, prefix, size, threshold } = action;
      journey.nflogs.push({ group, prefix, size, threshold, bytes: packet.bytes.slice(), place: placeOf(table, entry) });
      return VERDICT.CONTINUE;
    }
    case "strip":
      if (stripOptions(packet, action.kinds)) return VERDICT.CONTINUE;
      return refuse(journey, "its TCP header is cut, and TCPOPTSTRIP drops it");
    case "tee":
      sendCopy(machine, packet, action.gateway, action.device, journey);
      return VERDICT.CONTINUE;
    case "tproxy": {
      const before = packet.mark;
      const refusal = proxy(packet, action);
      if (refusal !== undefined) return refuse(journey, refusal);
      if (before !== packet.mark) note(journey, entry, "mark", before, packet.mark);
      return VERDICT.ACCEPT;
    }
    case "prefix":
      return translate(machine, packet, action, journey, entry);
    case "sets":
      changeSets(machine, packet, action, journey, entry);
      return VERDICT.CONTINUE;
    case "effect": {
      const said = action.step(entry.store.state(action), packet, journey.moment);
      journey.events?.push({ event: "effect", about: action.about, said });
      return VERDICT.CONTINUE;
    }
    case "synproxy":
      return proxyHandshake(machine, packet, action, journey);
    case "continue":
    case "checksum":
    case "trace":
    case "unknown":
    case "return":
    case "jump":
    case "goto":
      return VERDICT.CONTINUE;
  }
}

const TCP = 6;

function refuse(journey: Journey, reason: string): Verdict {
  journey.reason = reason;
  return VERDICT.DROP;
}

/** The queue, or the range that a hash of the packet chooses from. Kernel: xt_NFQUEUE.c, nfqueue_tg_v3. */
function queueOf({ low, high, byCpu }: Extract<Action, { do: "queue" }>, packet: Packet): string {
  if (low === high) return `${low}`;
  return byCpu ? `${low + ((packet.around.cpu ?? 0) % (high - low + 1))}` : `${low}:${high}`;
}

function translate(
  machine: Machine,
  packet: Packet,
  action: Extract<Action, { do: "prefix" }>,
  journey: Journey,
  entry: CompiledRule,
): Verdict {
  const field = action.end === "source" ? "saddr" : "daddr";
  const before = packet.value(field);
  if (!translatePrefix(machine, packet, action, journey)) return refuse(journey, "its address has no room to make up for the other prefix");
  const after = packet.value(field);
  if (before !== after) note(journey, entry, field, before, after);
  return VERDICT.CONTINUE;
}

/** Kernel: xt_set.c, set_target_v3. */
function changeSets(
  machine: Machine,
  packet: Packet,
  action: Extract<Action, { do: "sets" }>,
  journey: Journey,
  entry: CompiledRule,
): void {
  const { mark, priority } = machine.sets.change(action, packet, journey.moment);
  const marked = mark === undefined ? packet.mark : ((packet.mark & ~mark.mask) ^ mark.value) >>> 0;
  if (marked !== packet.mark) note(journey, entry, "mark", packet.mark, marked);
  packet.mark = marked;
  if (priority !== undefined && priority !== packet.priority) note(journey, entry, "priority", packet.priority, priority);
  packet.priority = priority ?? packet.priority;
  journey.events?.push({ event: "effect", about: entry.rule.target?.save ?? "", said: undefined });
}

/** Kernel: xt_CT.c, xt_ct_target: what is already tracked, or untracked, stays so. */
function track(packet: Packet, action: Extract<Action, { do: "track" }>): void {
  if (packet.connection !== undefined || packet.info === CT_INFO.UNTRACKED || packet.template !== undefined || packet.tiedToNothing) return;
  if (action.notrack) packet.info = CT_INFO.UNTRACKED;
  packet.template = action;
}

function write(packet: Packet, action: Extract<Action, { do: "set" | "add" }>, journey: Journey, entry: CompiledRule): void {
  const { field } = action;
  const before = packet.value(field);
  const wanted = action.do === "set" ? wantedValue(packet, action) : addedHops(packet, action);
  if (wanted === undefined || wanted === before) return;
  if (setField(packet, field, wanted)) note(journey, entry, field, before, wanted);
}

/** Kernel: xt_TCPMSS.c: clamping takes the smaller MTU of the ways there and back, less the headers. */
function clamp(machine: Machine, packet: Packet, to: number | "path", journey: Journey, entry: CompiledRule): boolean {
  let wanted = to;
  if (wanted === "path") {
    const headers = packet.family === 4 ? 40 : 60;
    const mtu = Math.min(packet.out?.mtu ?? 65535, backMtu(machine, packet));
    if (mtu <= headers) return false;
    wanted = mtu - headers;
  }
  const before = packet.value("mss");
  if (!setMaximumSegment(packet, wanted)) {
    journey.reason = "its TCP header cannot be, and TCPMSS drops it";
    return false;
  }
  const after = packet.value("mss");
  if (before !== after) note(journey, entry, "mss", before, after);
  return true;
}

/** MTU of the way back to the sender; no limit when there is none. Kernel: tcpmss_reverse_mtu. */
function backMtu(machine: Machine, packet: Packet): number {
  const { family, source } = packet;
  const route = machine.router.output({ family, source: undefined, destination: source, mark: 0, tos: 0 });
  return route.to === "device" ? route.mtu : 65535;
}

function note(journey: Journey, entry: CompiledRule, field: Field, from: Value, to: Value): void {
  journey.events?.push({ event: "rewrite", by: entry.rule.target?.name ?? "", field, from, to });
}
