/** What clients and servers of the protocols with helpers say to each other. */
import { concat, parseIpv4, printAddress, setU16, setU32 } from "../../../src/packet/index.ts";
import type { Random } from "../generate/random.ts";
import type { Endpoint } from "./conversation.ts";
import { isV6, text, type Line, type Protocol } from "./protocol.ts";
import { sip } from "./sip-phrases.ts";
import { snmp } from "./snmp-phrases.ts";

const port = (random: Random): number =>
  random.weighted([
    [6, random.between(1024, 65535)],
    [1, random.between(1, 1023)],
    [2, 40000 + random.below(4)],
  ]);
const commas = ({ address }: Endpoint, number: number): string => {
  const octets = [24, 16, 8, 0].map(shift => (Number(address) >>> shift) & 255);
  return [...octets, number >> 8, number & 255].join(",");
};

/** An end's own address mostly, else somebody's. */
function named(random: Random, own: Endpoint, others: readonly Endpoint[]): Endpoint {
  const stranger = { address: isV6(own) ? 0x20010db80002000000000000000000ddn : (parseIpv4("192.0.2.77") as number), port: 1 };
  return random.weighted([
    [8, own],
    [1, random.pick(others)],
    [1, stranger],
  ]);
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
      return say(
        "client",
        `PORT ${commas(mine, number)}\r\n`,
        eprt,
        eprt.replaceAll("|", "#"),
        eprt.toLowerCase(),
        "PASV\r\n",
        "EPSV\r\n",
        "LIST\r\n",
        "PO",
        "SYST",
      );
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
    const { address } = random.weighted([
      [6, client],
      [2, caller],
      [1, called],
    ]);
    const numbers = `${Number(address)} ${port(random)}`;
    const offer = random.pick([
      `SEND file ${numbers} 1234`,
      `CHAT chat ${numbers}`,
      `MOVE a ${numbers}`,
      `TSEND b ${numbers} 7`,
      `SCHAT chat ${numbers}`,
      `SEND SEND ${numbers}`,
    ]);
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
    return [
      "server",
      text(`Amanda 2.3 REP\nCONNECT ${channel("DATA")}${channel("MESG")}${channel("INDEX")}${channel("STATE")}\nOPTIONS ;\n`),
    ];
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
    const peer = random.weighted([
      [8, caller.port],
      [5, 0x100],
      [1, random.below(0x10000)],
    ]);
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

export const PROTOCOLS: readonly Protocol[] = [
  ftp,
  tftp,
  irc,
  sane,
  amanda,
  pptp,
  sip("udp"),
  sip("tcp"),
  snmp("snmp", 161),
  snmp("snmp_trap", 162),
];
