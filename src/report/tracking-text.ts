import type { TraceEvent } from "../engine/index.ts";
import { protocolName } from "../packet/index.ts";
import { printable } from "./printable.ts";

type Tracking = Extract<TraceEvent, { event: "tracking" }>;

/** What tracking made of a packet, in words: `NEW: opens a connection`, `ESTABLISHED: answer in tcp SYN_RECV 192.0.2.1:40000 > 192.0.2.2:22`. */
export function trackingText({ state, direction, created, connection, reason, foreseenBy }: Tracking): string {
  if (state === "UNTRACKED") return "UNTRACKED";
  if (state === "INVALID") return printable(`INVALID${reason === undefined ? "" : `: ${reason}`}`);
  if (created) return printable(`${state}: opens a connection${foreseenBy === undefined ? "" : ` that the helper ${foreseenBy} foresaw`}`);
  if (reason !== undefined) return printable(`${state} (${reason})`);
  const side = direction === "reply" ? "answer in" : "in";
  return connection === undefined ? state : printable(`${state}: ${side} ${connectionText(connection)}`);
}

/** The same for a packet of a session that is known anyway: `ESTABLISHED, connection SYN_RECV`. */
export function stateText({ state, created, connection, reason }: Tracking): string {
  if (state === "INVALID") return printable(`INVALID${reason === undefined ? "" : `: ${reason}`}`);
  if (created) return `${state}: opens a connection`;
  const tcp = tcpState(connection ?? "");
  return tcp === undefined ? state : `${state}, the connection is ${tcp}`;
}

/** A connection that a helper foresees: `tcp from 192.0.2.1 to 192.0.2.2:40000, by the helper ftp`. */
export function expectationText({ helper, expectation }: Extract<TraceEvent, { event: "expect" }>): string {
  const value = (name: string): string => new RegExp(`(?:^| )${name}=(\\S+)`).exec(expectation)?.[1] ?? "";
  const [sourcePort = "0", destinationPort = "0"] = [...expectation.matchAll(/ [sd]port=(\d+)/g)].map(([, port]) => port);
  const protocol = protocolName(Number(value("proto"))) ?? value("proto");
  const any = value("mask-src") === "0.0.0.0" || value("mask-src") === "::";
  const source = any ? "anywhere" : endpoint(value("src"), sourcePort === "0" ? undefined : sourcePort);
  return printable(`${protocol} from ${source} to ${endpoint(value("dst"), destinationPort)}, by the helper ${helper}`);
}

const tcpState = (line: string): string | undefined => /^ipv[46] +\d+ +\S+ +\d+ ([A-Z][A-Z_0-9]*) /.exec(line)?.[1];

/** A line of the connection table without what a reader of a trace knows already: family, numbers, the answers' side unless NAT changed it. */
export function connectionText(line: string): string {
  const protocol = /^ipv[46] +\d+ +(\S+) +\d+ /.exec(line);
  const tuples = [...line.matchAll(/src=(\S+) dst=(\S+)(?: sport=(\d+) dport=(\d+))?(?: type=\d+ code=\d+ id=(\d+))?/g)].map(
    ([, source = "", destination = "", sport, dport]) => ({
      from: endpoint(source, sport),
      to: endpoint(destination, dport),
    }),
  );
  const [original, reply] = tuples;
  if (!protocol || !original || !reply) return line;
  const state = tcpState(line);
  const translated = reply.from !== original.to || reply.to !== original.from ? `, answered by ${reply.from} > ${reply.to}` : "";
  return `${protocol[1]}${state ? ` ${state}` : ""} ${original.from} > ${original.to}${translated}`;
}

const endpoint = (address: string, port: string | undefined): string =>
  port === undefined ? address : address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
