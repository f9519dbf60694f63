import { PROTOCOL, setU16 } from "../../packet/index.ts";
import type { Connection } from "../connection.ts";
import type { Expectation } from "../expectation.ts";
import { refuse, type Sight } from "../helper.ts";
import { mangleTcp } from "../mangle.ts";
import { setUp } from "../nat-setup.ts";
import type { Tracking } from "../tracking.ts";
import { forgetOther, type PptpCall } from "./pptp-call.ts";
import { PPTP, PPTP_BODY, type PptpMessage } from "./pptp-messages.ts";

/**
 * Rewrites the call id in a message: the client's becomes the port of its control connection, so that clients behind one address can
 * be told apart (nf_nat_pptp.c, pptp_outbound_pkt and pptp_inbound_pkt).
 */
export function translateMessage(sight: Sight, call: PptpCall, { type }: PptpMessage): "accept" | "drop" {
  const place = PLACES[sight.direction][type];
  if (place === undefined) return "accept";
  let id = call.clientBefore;
  if (sight.direction === 0) {
    if (type === PPTP.OUT_CALL_REQUEST) {
      call.clientBefore = call.client;
      call.client = sight.connection.tuples[1].destinationPort;
    }
    id = call.client;
  }
  const bytes = new Uint8Array(2);
  setU16(bytes, 0, id);
  return mangleTcp(sight, PPTP_BODY + place, 2, bytes) ? "accept" : refuse(sight, "the call id cannot be rewritten");
}

/** Where the client's call id stands in the body of a message, by direction and type. */
const PLACES: readonly [Readonly<Record<number, number>>, Readonly<Record<number, number>>] = [
  { [PPTP.OUT_CALL_REQUEST]: 0, [PPTP.IN_CALL_REPLY]: 0, [PPTP.CALL_CLEAR_REQUEST]: 0 },
  {
    [PPTP.OUT_CALL_REPLY]: 2,
    [PPTP.IN_CALL_CONNECT]: 0,
    [PPTP.WAN_ERROR_NOTIFY]: 0,
    [PPTP.CALL_DISCONNECT_NOTIFY]: 0,
    [PPTP.SET_LINK_INFO]: 0,
  },
];

/** The two expectations of a translated call, with the ids that either side uses (pptp_exp_gre). */
export function translateExpected(call: PptpCall, out: Expectation, back: Expectation): void {
  call.serverBefore = call.server;
  out.savedPort = call.client;
  out.tuple = { ...out.tuple, sourcePort: call.clientBefore, destinationPort: call.server };
  out.direction = 0;
  back.savedPort = call.clientBefore;
  back.tuple = { ...back.tuple, sourcePort: call.serverBefore, destinationPort: call.client };
  back.direction = 1;
}

/** NAT of the GRE connection of a translated call (pptp_nat_expected). */
export function arriveTranslated(tracker: Tracking, connection: Connection, used: Expectation, call: PptpCall): void {
  const { master, direction, savedPort } = used;
  const back = master.tuples[direction === 0 ? 1 : 0];
  // The ids that the client's side uses are looked for in the new connection, where they are not: the kernel finds nothing then.
  const [sourcePort, destinationPort] = direction === 0 ? [call.server, call.client] : [0, 0];
  forgetOther(tracker, connection, { ...back, protocol: PROTOCOL.GRE, sourcePort, destinationPort });
  const port = [savedPort, savedPort] as const;
  const to = back.destination;
  const from = back.source;
  setUp(tracker, connection, { manip: "source", addresses: [to, to], ports: direction === 0 ? port : undefined }, tracker.now);
  setUp(tracker, connection, { manip: "destination", addresses: [from, from], ports: direction === 1 ? port : undefined }, tracker.now);
}
