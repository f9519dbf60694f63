import type { Journey, End } from "./journey.ts";
import type { Packet } from "./packet.ts";
import { VERDICT, type Verdict } from "./verdict.ts";

/** Notes how the packet itself ended; an answer's end is only an event. The first end counts, but a delivery says more than a sending. */
export function settle(journey: Journey, packet: Packet, end: End): void {
  if (packet.answer) return;
  const { end: known } = journey;
  if (known === undefined || (end.end === "delivered" && (known.end === "sent" || known.end === "forwarded"))) journey.end = end;
}

/** The packet goes no further because of a hook's verdict. */
export function stopped(verdict: Verdict, packet: Packet, journey: Journey): void {
  const decidedBy = journey.decision;
  const { reason } = journey;
  journey.reason = undefined;
  switch (verdict) {
    case VERDICT.STOLEN:
      settle(journey, packet, { end: "stolen", reason: reason ?? "held", decidedBy: undefined });
      return;
    case VERDICT.QUEUE:
      settle(journey, packet, { end: "queued", reason: reason ?? "a program decides", decidedBy });
      return;
    default: {
      const text = reason ?? (packet.rejected ? "rejected by a rule" : decidedBy?.rule ? "dropped by a rule" : "dropped by the policy");
      journey.events?.push({ event: "dropped", reason: text });
      settle(journey, packet, { end: packet.rejected ? "rejected" : "dropped", reason: text, decidedBy });
      if (packet.hook === "OUTPUT" || (packet.hook === "POSTROUTING" && packet.cameIn === undefined)) {
        if (!packet.answer) journey.errno ??= "EPERM";
      }
    }
  }
}

/** The packet goes no further, for a reason that lies not in the rules. */
export function dropped(reason: string, packet: Packet, journey: Journey): void {
  journey.events?.push({ event: "dropped", reason });
  settle(journey, packet, { end: "dropped", reason, decidedBy: undefined });
}
