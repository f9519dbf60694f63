import { all, bits, opaque, present, type Predicate } from "../../predicate/index.ts";
import { someOf, type MatchType, type Options } from "../../xtables/index.ts";

const spec = {
  transparent: { help: "Only sockets that take packets for other machines' addresses." },
  nowildcard: { help: "Sockets that are bound to no address count, too." },
  "restore-skmark": { help: "The packet takes the mark of the socket." },
} as const;
const grammar = someOf(spec);
type Socket = Options<typeof spec>;

/** Bits of the field `localsocket`. */
const BOUND = 1;
const TRANSPARENT = 2;

/** Always holds, and gives the packet the socket's mark. */
const restoreMark = opaque({
  name: "socket",
  about: "takes the mark of the socket",
  depends: "history",
  start: () => undefined,
  step(_, facts) {
    facts.setMark(Number(facts.value("socketmark") ?? 0));
    return true;
  },
});

/** `-m socket`: a local socket that the packet belongs to. Kernel: xt_socket.c, socket_match. */
export const socket: MatchType<Socket> = {
  name: "socket",
  help: "Match packets that belong to a socket of this machine.",
  hooks: ["PREROUTING", "INPUT"],
  needs: () => ["defrag"],
  options: grammar,
  lower(info) {
    const tests: Predicate[] = [present("localsocket")];
    if (!info.nowildcard) tests.push(bits("localsocket", BOUND, BOUND));
    if (info.transparent) tests.push(bits("localsocket", TRANSPARENT, TRANSPARENT));
    if (info["restore-skmark"]) tests.push(restoreMark);
    return { predicate: all(...tests) };
  },
  list: info => ["socket", ...Object.keys(spec).flatMap(key => (info[key as keyof Socket] ? [`--${key}`] : []))].join(" "),
};
