import { PROTOCOL } from "../../packet/index.ts";
import type { Connection } from "../connection.ts";
import { expectation, type Expectation } from "../expectation.ts";
import type { Helper, Sight } from "../helper.ts";
import type { Tracking } from "../tracking.ts";
import { invertTuple, type Tuple } from "../tuple.ts";
import { NAT_MASK } from "./nat-mask.ts";
import { forgetOther, type PptpCall } from "./pptp-call.ts";
import { arriveTranslated, translateExpected, translateMessage } from "./pptp-nat.ts";
import { PPTP, readMessage, type PptpMessage } from "./pptp-messages.ts";
import { establishedPayload } from "./segment.ts";

/** PPTP: a control connection that leads to GRE in both directions, told apart by call ids (nf_conntrack_pptp.c). */
export const pptp: Helper = {
  name: "pptp",
  families: [4],
  protocol: PROTOCOL.TCP,
  port: 1723,
  policies: () => [{ name: "pptp", most: 2, seconds: 300 }],
  watch: () => {
    const call: PptpCall = { session: "none", state: "none", client: 0, server: 0, clientBefore: 0, serverBefore: 0 };
    return {
      help: sight => help(sight, call),
      end: (tracker, connection) => hangUp(tracker, connection, call),
    };
  },
};

function help(sight: Sight, call: PptpCall): "accept" | "drop" {
  const payload = establishedPayload(sight);
  const message = payload && readMessage(payload);
  if (message === undefined) return "accept";
  const legal = sight.direction === 0 ? clientSays(call, message) : serverSays(sight, call, message);
  return legal && sight.connection.status & NAT_MASK ? translateMessage(sight, call, message) : "accept";
}

/** False for a message that does not belong here (pptp_outbound_pkt). */
function clientSays(call: PptpCall, { type, first, second, result }: PptpMessage): boolean {
  switch (type) {
    case PPTP.START_REQUEST:
      if (call.session !== "none") return false;
      call.session = "requested";
      return true;
    case PPTP.STOP_REQUEST:
      call.session = "stopping";
      return true;
    case PPTP.OUT_CALL_REQUEST:
      if (call.session !== "confirmed") return false;
      call.state = "out requested";
      call.client = first;
      return true;
    case PPTP.IN_CALL_REPLY:
      if ((call.state !== "in requested" && call.state !== "in replied") || call.server !== second) return false;
      if (result === ACCEPTED) {
        call.state = "in replied";
        call.client = first;
      } else call.state = "none";
      return true;
    case PPTP.CALL_CLEAR_REQUEST:
      if (call.session !== "confirmed") return false;
      call.state = "clearing";
      return true;
    default:
      return type === PPTP.SET_LINK_INFO || type === PPTP.ECHO_REQUEST || type === PPTP.ECHO_REPLY;
  }
}

/** Every result code that means yes. */
const ACCEPTED = 1;

/** Kernel: pptp_inbound_pkt. */
function serverSays(sight: Sight, call: PptpCall, { type, first, second, result }: PptpMessage): boolean {
  switch (type) {
    case PPTP.START_REPLY:
      if (call.session !== "requested" && call.session !== "confirmed") return false;
      call.session = result === ACCEPTED ? "confirmed" : "error";
      return true;
    case PPTP.STOP_REPLY:
      if (call.session === "requested" || call.session === "confirmed") return false;
      call.session = result === ACCEPTED ? "none" : "error";
      return true;
    case PPTP.OUT_CALL_REPLY:
      if (call.session !== "confirmed" || (call.state !== "out requested" && call.state !== "out confirmed")) return false;
      if (call.client !== second) return false;
      if (result === ACCEPTED) {
        call.state = "out confirmed";
        call.server = first;
        foresee(sight, call, first, second);
      } else call.state = "none";
      return true;
    case PPTP.IN_CALL_REQUEST:
      if (call.session !== "confirmed") return false;
      call.state = "in requested";
      call.server = first;
      return true;
    case PPTP.IN_CALL_CONNECT:
      if (call.session !== "confirmed" || (call.state !== "in replied" && call.state !== "in confirmed")) return false;
      if (call.client !== first) return false;
      call.state = "in confirmed";
      foresee(sight, call, call.server, first);
      return true;
    case PPTP.CALL_DISCONNECT_NOTIFY:
      call.state = "none";
      hangUp(sight.tracker, sight.connection, call);
      return true;
    default:
      return type === PPTP.WAN_ERROR_NOTIFY || type === PPTP.SET_LINK_INFO || type === PPTP.ECHO_REQUEST || type === PPTP.ECHO_REPLY;
  }
}

/** Expects GRE both ways, and teaches the tracker the keys (exp_gre). */
function foresee({ tracker, connection, now }: Sight, call: PptpCall, server: number, client: number): void {
  const translated = (connection.status & NAT_MASK) !== 0;
  const arrive = (fresh: Connection, used: Expectation): void => {
    if (used.master.status & NAT_MASK) arriveTranslated(tracker, fresh, used, call);
    else forgetOther(tracker, fresh, invertTuple(used.tuple));
  };
  const [original, reply] = connection.tuples;
  const expect = ({ source, destination }: Tuple, sourcePort: number, destinationPort: number): Expectation =>
    expectation(connection, { protocol: PROTOCOL.GRE, source, sourcePort, destination, destinationPort, arrive });
  const out = expect(original, client, server);
  const back = expect(reply, server, client);
  if (translated) translateExpected(call, out, back);
  const { expectations, greKeys } = tracker;
  if (expectations.enter(out, now) !== "entered") return;
  if (expectations.enter(back, now) === "entered") {
    if (greKeys.add(connection, 0, out.tuple)) {
      if (greKeys.add(connection, 1, back.tuple)) return;
      greKeys.remove(connection);
    }
    expectations.remove(back);
  }
  expectations.remove(out);
}

/** Ends the GRE connection of a call, or what is still expected of it (pptp_destroy_siblings). */
function hangUp(tracker: Tracking, connection: Connection, { client, server }: PptpCall): void {
  tracker.greKeys.remove(connection);
  const [original, reply] = connection.tuples;
  const ways: readonly Tuple[] = [
    { ...original, protocol: PROTOCOL.GRE, sourcePort: client, destinationPort: server },
    { ...reply, protocol: PROTOCOL.GRE, sourcePort: server, destinationPort: client },
  ];
  for (const way of ways) {
    const sibling = tracker.find(way, tracker.now, connection.zone)?.connection;
    if (sibling !== undefined) tracker.remove(sibling);
    else forgetOther(tracker, connection, way);
  }
}
