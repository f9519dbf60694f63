/** What clients and servers of the protocols with helpers say to each other. */
import { concat, parseIpv4, printAddress, setU16, setU32 } from "../../../src/packet/index.ts";
import type { Random } from "../generate/random.ts";
import type { Endpoint } from "./conversation.ts";

/** Who says it, and what. */
export type Line = readonly [from: "client" | "server", payload: Uint8Array];

/** What a speaker knows. */
export interface Scene {
  readonly random: Random;
  /** The client as it knows itself, and the server it called. */
  readonly client: Endpoint;
  readonly called: Endpoint;
  /** The server as it knows itself, and the client as it sees it. */
  readonly server: Endpoint;
  readonly caller: Endpoint;
}

/** A protocol with a helper. */
export interface Protocol {
  readonly helper: string;
  readonly transport: "tcp" | "udp";
  readonly port: number;
  readonly families: readonly (4 | 6)[];
  /** The next line of a conversation, whose lines so far are counted. */
  line(scene: Scene, count: number): Line;
}

const text = (words: string): Uint8Array => Uint8Array.from(words, character => character.charCodeAt(0) & 255);
const isV6 = ({ address }: Endpoint): boolean => typeof address === "bigint";
const port = (random: Random): number => random.weighted([[6, random.between(1024, 65535)], [1, random.between(1, 1023)], [2, 40000 + random.below(4)]]);
const commas = ({ address }: Endpoint, number: number): string => {
  const octets = [24, 16, 8, 0].map(shift => (Number(address) >>> shift) & 255);
  return [...octets, number >> 8, number & 255].join(",");
};

/** An end's own address mostly, else somebody's. */
function named(random: Random, own: Endpoint, others: readonly Endpoint[]): Endpoint {
  const stranger = { address: isV6(own) ? 0x20010db80002000000000000000000ddn : (parseIpv4("192.0.2.77") as number), port: 1 };
  return random.weighted([[8, own], [1, random.pick(others)], [1, stranger]]);
}

const ftp: Protocol = {
  helper: "ftp",
  transport: "tcp",
  port: 21,
  families: [4, 6],
  line({ random, client, server, called, caller }, count) {
    if (count === 0) return ["server", text("220 ready\r\n")];
    if (count === 1) return ["client", text("USER me\r\n")];
    const mine = named(random, client, [server, called]);
    const his = named(random, server, [client, caller]);
    const number = port(random);
    const say = (from: "client" | "server", ...lines: readonly string[]): Line => [from, text(random.pick(lines))];
    if (random.oneIn(2)) {
      const version = isV6(client) ? 2 : 1;
      const eprt = `EPRT |${version}|${printAddress(mine.address)}|${number}|\r\n`;
      return say("client", `PORT ${commas(mine, number)}\r\n`, eprt, eprt.replaceAll("|", "#"), eprt.toLowerCase(), "PASV\r\n", "EPSV\r\n", "LIST\r\n", "PO", "SYST");
    }
    return say(
      "server",
      `227 Entering Passive Mode (${commas(his, number)})\r\n`,
      `227 Entering Passive Mode ${commas(his, number)}.\r\n`,
      `229 Entering Extended Passive Mode (|||${number}|)\r\n`,
      "200 fine\r\n",
      "220-more\r\n",
      "22",
    );
  },
};

const tftp: Protocol = {
  helper: "tftp",
  transport: "udp",
  port: 69,
  families: [4, 6],
  line({ random }) {
    return ["client", concat(Uint8Array.of(0, random.pick([1, 2, 1, 2, 3, 4, 5, 9])), text("file\0octet\0"))];
  },
};

const irc: Protocol = {
  helper: "irc",
  transport: "tcp",
  port: 6667,
  families: [4],
  line({ random, client, caller, called }, count) {
    if (count === 0) return ["server", text(":irc 001 hello\r\n")];
    if (random.oneIn(6)) return ["server", text(":irc PING\r\n")];
    const { address } = random.weighted([[6, client], [2, caller], [1, called]]);
    const numbers = `${Number(address)} ${port(random)}`;
    const offer = random.pick([`SEND file ${numbers} 1234`, `CHAT chat ${numbers}`, `MOVE a ${numbers}`, `TSEND b ${numbers} 7`, `SCHAT chat ${numbers}`, `SEND SEND ${numbers}`]);
    const before = random.pick(["PRIVMSG you", "PRIVMSG #channel", " \r\nPRIVMSG you", "privmsg you", "NOTICE you", "PRIVMSG a b c"]);
    return ["client", text(`${before} :\x01DCC ${offer}\x01\r\n`)];
  },
};

const sane: Protocol = {
  helper: "sane",
  transport: "tcp",
  port: 6566,
  families: [4, 6],
  line({ random }, count) {
    const bytes = new Uint8Array(random.pick([8, 8, 8, 12]));
    if (count % 2 === 0) {
      setU32(bytes, 0, random.pick([7, 7, 7, 6]));
      return ["client", bytes];
    }
    setU32(bytes, 0, random.pick([0, 0, 0, 1]));
    setU16(bytes, 4, random.pick([0, 0, 0, 9]));
    setU16(bytes, 6, port(random));
    return ["server", bytes];
  },
};

const amanda: Protocol = {
  helper: "amanda",
  transport: "udp",
  port: 10080,
  families: [4, 6],
  line({ random }, count) {
    if (count === 0 || random.oneIn(4)) return ["client", text("Amanda 2.3 REQ HANDLE\n")];
    const channel = (name: string): string => (random.oneIn(5) ? "" : `${name} ${port(random)} `);
    return ["server", text(`Amanda 2.3 REP\nCONNECT ${channel("DATA")}${channel("MESG")}${channel("INDEX")}${channel("STATE")}\nOPTIONS ;\n`)];
  },
};

const CONTROL_BYTES = [0, 144, 144, 4, 4, 4, 8, 156, 20, 208, 12, 16, 4, 136, 28, 12];

const pptp: Protocol = {
  helper: "pptp",
  transport: "tcp",
  port: 1723,
  families: [4],
  line({ random, caller }, count) {
    const id = 0x100 + random.below(3);
    const peer = random.weighted([[8, caller.port], [5, 0x100], [1, random.below(0x10000)]]);
    const control = (from: "client" | "server", type: number, first: number, second = 0, result = 1): Line => {
      const bytes = new Uint8Array(12 + (CONTROL_BYTES[type] ?? 0));
      setU16(bytes, 0, bytes.length);
      setU16(bytes, 2, 1);
      setU32(bytes, 4, 0x1a2b3c4d);
      setU16(bytes, 8, type);
      if (bytes.length >= 16) {
        setU16(bytes, 12, type === 4 ? result << 8 : first);
        setU16(bytes, 14, type === 2 ? result << 8 : second);
      }
      if (type === 8 || type === 10) bytes[16] = result;
      return [from, bytes];
    };
    const good = random.oneIn(8) ? 2 : 1;
    if (count === 0) return control("client", 1, 0x100);
    if (count === 1) return control("server", 2, 0x100, 0, good);
    if (count === 2 && !random.oneIn(4)) return control("client", 7, 0x100);
    if (count === 3 && !random.oneIn(4)) return control("server", 8, 0x200, peer, good);
    return random.pick([
      control("client", 7, id),
      control("server", 8, 0x200 + random.below(2), peer, good),
      control("server", 8, 0x200, peer, good),
      control("server", 9, 0x300),
      control("client", 10, 0x100, 0x300, good),
      control("server", 11, peer),
      control("client", 12, id),
      control("server", 13, id),
      control("server", 14, id),
      control("server", 15, id),
      control("client", 15, id),
      control("client", 3, 0),
      control("server", 4, 0, 0, good),
      control("client", 5, 1),
      control("server", 6, 1),
    ]);
  },
};

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

const sip = (transport: "tcp" | "udp"): Protocol => ({
  helper: "sip",
  transport,
  port: 5060,
  families: [4, 6],
  line({ random, client, server, called, caller }) {
    const from = random.oneIn(2) ? "client" : "server";
    const own = from === "client" ? client : server;
    const peer = from === "client" ? called : caller;
    const via = random.weighted([[6, own.port], [2, undefined], [1, 5062]]);
    const contactPort = random.weighted([[6, own.port], [2, undefined], [1, 5064]]);
    const other = random.weighted([[8, own], [1, peer]]);
    const parameters = random.pick(["", ";rport", `;rport=${peer.port}`, `;rport=${own.port};received=${endpoint(peer, undefined)}`, `;maddr=${endpoint(own, undefined)}`, ";branch=z9hG4bK"]);
    const contact = random.pick([
      `<sip:me@${endpoint(other, contactPort)}>`,
      `<sip:me@${endpoint(other, contactPort)};transport=${transport}>;expires=${random.pick([60, 0, 3600])}`,
      `<sip:you@${endpoint(peer, peer.port)}>,\r\n <sip:me@${endpoint(other, contactPort)}>;expires=70`,
      "*",
    ]);
    const sequence = random.between(1, 3);
    const method = random.weighted([[5, "INVITE"], [5, "REGISTER"], [1, "ACK"], [1, "BYE"], [1, "PRACK"], [1, "UPDATE"], [1, "OPTIONS"]]);
    const withSdp = method !== "REGISTER" && !random.oneIn(4);
    const body = withSdp ? description(random, other) : "";
    const isRequest = random.oneIn(2);
    const first = isRequest ? `${method} sip:${random.pick(["you@", ""])}${endpoint(peer, peer.port)} SIP/2.0` : `SIP/2.0 ${random.pick([100, 180, 200, 200, 200, 404])} OK`;
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

export const PROTOCOLS: readonly Protocol[] = [ftp, tftp, irc, sane, amanda, pptp, sip("udp"), sip("tcp")];
