/** What SIP's clients and servers say. */
import { printAddress } from "../../../src/packet/index.ts";
import type { Random } from "../generate/random.ts";
import type { Endpoint } from "./conversation.ts";
import { isV6, text, type Protocol } from "./protocol.ts";

const endpoint = ({ address }: Endpoint, number: number | undefined): string => {
  const host = typeof address === "bigint" ? `[${printAddress(address)}]` : printAddress(address);
  return number === undefined ? host : `${host}:${number}`;
};

function description(random: Random, own: Endpoint): string {
  const version = isV6(own) ? "IP6" : "IP4";
  const host = printAddress(own.address);
  const media = (): string => {
    const kind = random.pick(["audio", "audio", "video", "image", "text"]);
    const inner = random.oneIn(4) ? `c=IN ${version} ${host}\r\n` : "";
    return `m=${kind} ${random.pick([20000, 20000, 20002, 30001, 65534, 0, 80])} RTP/AVP 0\r\n${inner}`;
  };
  const session = random.oneIn(6) ? "" : `c=IN ${version} ${host}\r\n`;
  return `v=0\r\no=me 1 1 IN ${version} ${host}\r\ns=-\r\n${session}t=0 0\r\n${Array.from({ length: random.between(0, 3) }, media).join("")}`;
}

export const sip = (transport: "tcp" | "udp"): Protocol => ({
  helper: "sip",
  transport,
  port: 5060,
  families: [4, 6],
  line({ random, client, server, called, caller }) {
    const from = random.oneIn(2) ? "client" : "server";
    const own = from === "client" ? client : server;
    const peer = from === "client" ? called : caller;
    const via = random.weighted([
      [6, own.port],
      [2, undefined],
      [1, 5062],
    ]);
    const contactPort = random.weighted([
      [6, own.port],
      [2, undefined],
      [1, 5064],
    ]);
    const other = random.weighted([
      [8, own],
      [1, peer],
    ]);
    const parameters = random.pick([
      "",
      ";rport",
      `;rport=${peer.port}`,
      `;rport=${own.port};received=${endpoint(peer, undefined)}`,
      `;maddr=${endpoint(own, undefined)}`,
      ";branch=z9hG4bK",
    ]);
    const contact = random.pick([
      `<sip:me@${endpoint(other, contactPort)}>`,
      `<sip:me@${endpoint(other, contactPort)};transport=${transport}>;expires=${random.pick([60, 0, 3600])}`,
      `<sip:you@${endpoint(peer, peer.port)}>,\r\n <sip:me@${endpoint(other, contactPort)}>;expires=70`,
      "*",
    ]);
    const sequence = random.between(1, 3);
    const method = random.weighted([
      [5, "INVITE"],
      [5, "REGISTER"],
      [1, "ACK"],
      [1, "BYE"],
      [1, "PRACK"],
      [1, "UPDATE"],
      [1, "OPTIONS"],
    ]);
    const withSdp = method !== "REGISTER" && !random.oneIn(4);
    const body = withSdp ? description(random, other) : "";
    const isRequest = random.oneIn(2);
    const first = isRequest
      ? `${method} sip:${random.pick(["you@", ""])}${endpoint(peer, peer.port)} SIP/2.0`
      : `SIP/2.0 ${random.pick([100, 180, 200, 200, 200, 404])} OK`;
    const viaOf = isRequest ? { at: own, port: via } : { at: random.oneIn(2) ? peer : own, port: random.oneIn(2) ? peer.port : via };
    const lines = [
      first,
      `${random.pick(["Via", "v", "VIA "])}: SIP/2.0/${transport.toUpperCase()} ${endpoint(viaOf.at, viaOf.port)}${parameters}`,
      `From: <sip:me@${endpoint(own, random.oneIn(2) ? own.port : undefined)}>;tag=1`,
      `To: <sip:you@${endpoint(peer, random.oneIn(2) ? peer.port : undefined)}>`,
      `CSeq: ${sequence} ${method}`,
      ...(random.oneIn(5) ? [] : [`${random.pick(["Contact", "m"])}: ${contact}`]),
      ...(random.oneIn(3) ? [`Expires: ${random.pick([100, 0])}`] : []),
      ...(withSdp ? ["Content-Type: application/sdp"] : []),
      ...(random.oneIn(12) ? [] : [`${random.pick(["Content-Length", "l"])}: ${body.length}`]),
    ];
    return [from, text(`${lines.join("\r\n")}\r\n\r\n${body}`)];
  },
});
