import { parseMac, printMac } from "./address.ts";
import { DCCP_TYPE } from "./dccp.ts";
import { hex } from "./bytes.ts";
import type { ExtensionRepr } from "./ipv6.ts";
import { extensionLength } from "./layout.ts";
import { CIRCUMSTANCES } from "./notation-circumstances.ts";
import { printBytes, printName, readBytes, readHex, readName, readNumber } from "./notation-text.ts";
import { number, U32, type Scope, type Word } from "./notation-word.ts";
import { PROTOCOL } from "./numbers.ts";
import { CT_STATES, PACKET_TYPES } from "./packet-spec.ts";
import { SCTP_CHUNK } from "./sctp.ts";

function flag(word: string, key: "df" | "sackPermitted" | "badChecksum" | "raw", scope: Scope = {}): Word {
  return {
    word,
    takes: "",
    ...scope,
    read(draft) {
      draft[key] = true;
      return true;
    },
    print: spec => (spec[key] === true ? "" : undefined),
  };
}

function name(word: string, key: "in" | "out" | "physin" | "physout"): Word {
  return {
    word,
    takes: "INTERFACE",
    read(draft, token) {
      const value = token === undefined ? undefined : readName(token);
      if (value === undefined || value === "") return false;
      draft[key] = value;
      return true;
    },
    print: spec => (spec[key] === undefined || spec[key] === "" ? undefined : printName(spec[key])),
  };
}

function bytes(word: string, key: "data" | "tcpOptions" | "ipOptions", max: number, scope: Scope = {}): Word {
  return {
    word,
    takes: key === "data" ? '"TEXT" or 0xHEX' : "0xHEX",
    ...scope,
    read(draft, token) {
      const value = token === undefined ? undefined : readBytes(token);
      if (value === undefined || value.length > max) return false;
      draft[key] = value;
      return true;
    },
    print: spec => (spec[key] === undefined ? undefined : printBytes(spec[key])),
  };
}

function choice<T extends string>(word: string, key: "ctState" | "pkttype", values: readonly T[]): Word {
  return {
    word,
    takes: values.join(", "),
    read(draft, token) {
      const value = values.find(each => each.toLowerCase() === token?.text.toLowerCase());
      if (value === undefined) return false;
      Object.assign(draft, { [key]: value });
      return true;
    },
    print: spec => spec[key],
  };
}

const TCP: Scope = { protocols: [PROTOCOL.TCP] };
const ICMP: Scope = { protocols: [PROTOCOL.ICMP, PROTOCOL.ICMPV6] };
const SCTP: Scope = { protocols: [PROTOCOL.SCTP] };
const IPV4: Scope = { family: 4 };
const IPV6: Scope = { family: 6 };

const mark: Word = { ...number("mark", "mark", U32), print: spec => (spec.mark === undefined ? undefined : `0x${spec.mark.toString(16)}`) };

const mac: Word = {
  word: "mac",
  takes: "AA:BB:CC:DD:EE:FF",
  read(draft, token) {
    const value = parseMac(token?.text ?? "");
    if (value === undefined) return false;
    draft.mac = value;
    return true;
  },
  print: spec => (spec.mac === undefined ? undefined : printMac(spec.mac)),
};

const frag: Word = {
  word: "frag",
  takes: "OFFSET (units of 8 bytes, 0-8191), with + when more follow",
  read(draft, token) {
    const text = token?.text ?? "";
    const more = text.endsWith("+");
    const offset = readNumber(more ? text.slice(0, -1) : text, 8191);
    if (offset === undefined) return false;
    draft.fragment = { offset, more };
    return true;
  },
  print: ({ fragment }) => (fragment === undefined ? undefined : `${fragment.offset}${fragment.more ? "+" : ""}`),
};

const ext: Word = {
  word: "ext",
  takes: "PROTOCOL:0xHEX[,PROTOCOL:0xHEX…], each a whole IPv6 extension header",
  ...IPV6,
  read(draft, token) {
    const headers = (token?.text ?? "").split(",").map(readExtension);
    if (!headers.every(header => header !== undefined)) return false;
    draft.extensions = headers;
    return true;
  },
  print: ({ extensions }) => (extensions?.length ? extensions.map(each => `${each.protocol}:0x${hex(each.bytes)}`).join(",") : undefined),
};

/** An extension header whose length field says its true length; its first byte is 0, as what follows it is filled in. */
function readExtension(text: string): ExtensionRepr | undefined {
  const colon = text.indexOf(":");
  const protocol = readNumber(text.slice(0, Math.max(colon, 0)), 255);
  const header = readHex(text.slice(colon + 1));
  if (protocol === undefined || header === undefined || header.length < 8 || extensionLength(protocol, header, 0) !== header.length)
    return undefined;
  header[0] = 0;
  return { protocol, bytes: header };
}

function numbered(table: Readonly<Record<string, number>>): readonly (readonly [string, number])[] {
  return Object.entries(table).map(([key, value]): readonly [string, number] => [key.toLowerCase().replaceAll("_", "-"), value]);
}

/** SCTP chunk names of the notation with their types. */
const CHUNKS = numbered(SCTP_CHUNK);
/** DCCP type names of the notation with their numbers. */
const DCCP_TYPES = numbered(DCCP_TYPE);

function readNamed(text: string, names: readonly (readonly [string, number])[], max: number): number | undefined {
  return names.find(([each]) => each === text.toLowerCase())?.[1] ?? readNumber(text, max);
}

function printNamed(value: number, names: readonly (readonly [string, number])[]): string {
  return names.find(([, each]) => each === value)?.[0] ?? value.toString();
}

const chunk: Word = {
  word: "chunk",
  takes: "NAME[,NAME…], as init or cookie-echo,data",
  ...SCTP,
  read(draft, token) {
    const types = (token?.text ?? "").split(",").map(each => readNamed(each, CHUNKS, 255));
    if (!types.every(type => type !== undefined)) return false;
    draft.chunks = types;
    return true;
  },
  print: spec =>
    spec.chunks === undefined || spec.chunks.length === 0 ? undefined : spec.chunks.map(type => printNamed(type, CHUNKS)).join(","),
};

const type: Word = {
  word: "type",
  takes: `${DCCP_TYPES.map(([each]) => each).join(", ")} or 0-15`,
  protocols: [PROTOCOL.DCCP],
  read(draft, token) {
    const value = readNamed(token?.text ?? "", DCCP_TYPES, 15);
    if (value === undefined) return false;
    draft.dccpType = value;
    return true;
  },
  print: spec => (spec.dccpType === undefined ? undefined : printNamed(spec.dccpType, DCCP_TYPES)),
};

/** Every word that has a name of its own, in the order of printing; TCP flags and ICMP types come before them. */
export const WORDS: readonly Word[] = [
  chunk,
  type,
  name("in", "in"),
  name("out", "out"),
  name("physin", "physin"),
  name("physout", "physout"),
  mark,
  number("ttl", "ttl", 255),
  number("tos", "tos", 255),
  number("len", "length", 65575),
  frag,
  flag("df", "df", IPV4),
  number("ipid", "ipid", U32),
  bytes("ipoptions", "ipOptions", 40, IPV4),
  number("flow", "flowLabel", 0xfffff, IPV6),
  ext,
  mac,
  choice("pkttype", "pkttype", PACKET_TYPES),
  choice("ct", "ctState", CT_STATES),
  number("uid", "uid", U32),
  number("gid", "gid", U32),
  ...CIRCUMSTANCES,
  number("id", "id", 65535, ICMP),
  number("rest", "rest", U32, ICMP),
  number("seq", "seq", U32, { protocols: [PROTOCOL.TCP, PROTOCOL.ICMP, PROTOCOL.ICMPV6] }),
  number("ack", "ack", U32, TCP),
  number("win", "window", 65535, TCP),
  number("mss", "mss", 65535, TCP),
  number("wscale", "windowScale", 255, TCP),
  flag("sackok", "sackPermitted", TCP),
  bytes("tcpoptions", "tcpOptions", 40, TCP),
  number("vtag", "vtag", U32, SCTP),
  flag("badsum", "badChecksum"),
  flag("raw", "raw"),
  bytes("data", "data", 65535),
];
