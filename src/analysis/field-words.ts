import type { Field } from "../predicate/index.ts";

/** What people call the values of fields that only some rules ask for. */
const WORDS: Readonly<Partial<Record<Field, string>>> = {
  mac: "hardware addresses",
  uid: "users",
  gid: "groups",
  length: "packet lengths",
  l4length: "packet lengths",
  ttl: "times to live",
  tos: "types of service",
  mark: "marks",
  ctmark: "connection marks",
  mss: "MSS values",
  tcpoptions: "TCP options",
  pkttype: "packet types",
  physin: "bridge ports",
  physout: "bridge ports",
  socket: "sockets",
  localsocket: "sockets",
  socketmark: "marks of sockets",
  priority: "queueing classes",
  cpu: "processors",
  cgroup: "control groups",
  cgrouppath: "control groups",
  indevgroup: "groups of interfaces",
  outdevgroup: "groups of interfaces",
  realm: "routing realms",
  ctzone: "zones",
  ctlabels: "connection labels",
  ctexpire: "times that the connection has left",
  ctpacketsorig: "numbers of packets before it",
  ctpacketsreply: "numbers of packets before it",
  ctbytesorig: "numbers of bytes before it",
  ctbytesreply: "numbers of bytes before it",
};

/** Whose packets a level is about, by its instance: the client's first, which stands for the session, the answer, and those after them. */
const OF: readonly string[] = ["", " of answers", " of the client's later packets", " of the server's later packets"];

/** `certain hardware addresses`, for sessions that only some values of a field belong to; `instance` as levels have it. */
export const fieldWords = (field: Field, instance: number): string => `certain ${WORDS[field] ?? field}${OF[instance] ?? ""}`;
