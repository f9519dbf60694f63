import { findIcmpName, hasPorts, icmpNames, PROTOCOL, PROTOCOL_NAMES, protocolNumber, servicePort, services } from "../../packet/index.ts";
import type { Family } from "../../predicate/index.ts";
import { readDecimal } from "./digits.ts";
import type { PortSet, Service } from "./question.ts";
import { shown, type Reader } from "./reader.ts";
import type { Word } from "./words.ts";

/** `tcp 22,80-90`, `udp domain`, `icmp echo-request`, `ping`, `47`, `any`; nothing is any. `ends` tells words that belong to what follows. */
export function readService(reader: Reader, ends: (word: Word) => boolean): Service {
  const first = reader.peek();
  if (first === undefined || ends(first)) return { is: "any" };
  if (reader.accept("any")) return { is: "any" };
  if (reader.accept("ping")) return { is: "ping" };
  if (reader.sees("icmp") || reader.sees("icmpv6") || reader.sees("icmp6") || reader.sees("ipv6-icmp")) return readIcmp(reader, ends);
  const protocols = [readProtocol(reader)];
  while (reader.accept(",")) protocols.push(readProtocol(reader));
  const service: Service = { is: "protocols", protocols: [...new Set(protocols)].toSorted((a, b) => a - b) };
  const next = reader.peek();
  const word = reader.sees("port") || reader.sees("ports");
  if (next === undefined || (!word && ends(next))) return service;
  if (!service.protocols.every(hasPorts))
    return reader.refuse(next, `expected nothing more about the service: this protocol has no ports, found ${shown(next.text)}`);
  if (word) reader.take("");
  return { ...service, ports: readPorts(reader, service.protocols) };
}

function readProtocol(reader: Reader): number {
  const word = reader.take("a protocol");
  const number = protocolOf(word);
  if (number !== undefined) return number;
  const service = services().find(({ name, aliases }) => name === word.text || aliases.includes(word.text));
  if (service)
    return reader.refuse(word, `${shown(word.text)} is a service: its protocol comes before it`, `${service.protocol} ${word.text}`);
  return reader.refuseUnknown(word, `${shown(word.text)} is no protocol`, [
    "any",
    "ping",
    ...PROTOCOL_NAMES.filter(name => name !== "all"),
  ]);
}

/** A protocol's number, by number or name; undefined for anything else. */
export function protocolOf({ text, quoted }: Word): number | undefined {
  if (quoted) return undefined;
  const name = text.toLowerCase();
  const number = readDecimal(text, 255) ?? (name === "all" || name === "ip" ? undefined : protocolNumber(name));
  return number === undefined || number > 255 ? undefined : number;
}

function readIcmp(reader: Reader, ends: (word: Word) => boolean): Service {
  const family: Family = reader.take("icmp").text.toLowerCase() === "icmp" ? 4 : 6;
  const next = reader.peek();
  if (next === undefined || ends(next)) return { is: "icmp", family };
  const word = reader.take("an ICMP type");
  const [typeText = "", codeText, ...more] = word.text.split("/");
  const type = readDecimal(typeText, 255);
  if (type !== undefined && more.length === 0) {
    if (codeText === undefined) return { is: "icmp", family, type };
    const code = readDecimal(codeText, 255);
    return code === undefined ? reader.refuse(word, `${shown(codeText)} is no ICMP code`) : { is: "icmp", family, type, code };
  }
  const found = findIcmpName(word.text, family).find(({ name }) => name.toLowerCase() === word.text.toLowerCase());
  if (found === undefined || (found.type === 255 && found.name === "any"))
    return reader.refuseUnknown(
      word,
      `${shown(word.text)} is no ICMP type`,
      icmpNames(family).map(({ name }) => name),
    );
  const [low, high] = found.codes;
  return { is: "icmp", family, type: found.type, ...(low === high && { code: low }) };
}

/** `22`, `80,443,8000-8100`, `ssh`, `! 22`; a colon does for the dash. Names are those of the first of the protocols that knows them. */
export function readPorts(reader: Reader, protocols: readonly number[]): PortSet {
  const invert = reader.accept("!");
  const ranges = [readPortRange(reader, protocols)];
  while (reader.accept(",")) ranges.push(readPortRange(reader, protocols));
  return { invert, ranges };
}

function readPortRange(reader: Reader, protocols: readonly number[]): readonly [number, number] {
  const word = reader.take("a port");
  const alone = portOf(word.text, protocols);
  if (alone !== undefined) return [alone, alone];
  for (const mark of ["-", ":"]) {
    const at = word.text.indexOf(mark);
    if (at < 0) continue;
    const low = portOf(word.text.slice(0, at), protocols);
    const high = portOf(word.text.slice(at + 1), protocols);
    if (low === undefined || high === undefined) continue;
    if (low > high) reader.refuse(word, "the range of ports is empty: its first end is above its second", `${high}-${low}`);
    return [low, high];
  }
  const names = databases(protocols);
  const elsewhere = services().find(({ name, aliases }) => name === word.text || aliases.includes(word.text));
  if (elsewhere)
    return reader.refuse(word, `${shown(word.text)} is a service of ${elsewhere.protocol}, port ${elsewhere.port}`, `${elsewhere.port}`);
  return reader.refuseUnknown(
    word,
    `${shown(word.text)} is no port, range of ports or service`,
    services()
      .filter(({ protocol }) => names.includes(protocol))
      .map(({ name }) => name),
  );
}

function portOf(text: string, protocols: readonly number[]): number | undefined {
  const number = readDecimal(text, 65535);
  if (number !== undefined) return number;
  for (const database of databases(protocols)) {
    const port = servicePort(text, database);
    if (port !== undefined) return port;
  }
  return undefined;
}

/** Where names of ports of these protocols are looked up. */
function databases(protocols: readonly number[]): readonly string[] {
  const names = protocols.map(protocol =>
    protocol === PROTOCOL.UDP || protocol === PROTOCOL.UDPLITE ? "udp" : protocol === PROTOCOL.SCTP ? "sctp" : "tcp",
  );
  return names.length === 0 ? ["tcp", "udp"] : [...new Set(names)];
}
