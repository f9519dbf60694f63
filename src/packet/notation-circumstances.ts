import { parseAddress, printAddress } from "./address.ts";
import type { LocalSocket, SecurityStepSpec } from "./circumstances.ts";
import { printName, readName, readNumber } from "./notation-text.ts";
import { number, U32, type Word } from "./notation-word.ts";

/** `cgroup 1048577`, `cgroup /user.slice`, `cgroup 1048577,/user.slice`: the net_cls class and the path of the sender's control group. */
const cgroup: Word = {
  word: "cgroup",
  takes: "CLASS, /PATH or CLASS,/PATH",
  read(draft, token) {
    const text = token && readName(token);
    if (text === undefined) return false;
    const slash = text.indexOf("/");
    const path = slash < 0 ? undefined : text.slice(slash);
    const before = slash < 0 ? text : text.slice(0, slash);
    const bare = path === undefined ? before : before.slice(0, -1);
    const value = before === "" ? undefined : readNumber(bare, U32);
    if (before !== "" && (value === undefined || (path !== undefined && !before.endsWith(",")))) return false;
    if (value !== undefined) draft.cgroup = value;
    if (path !== undefined) draft.cgroupPath = path;
    return value !== undefined || path !== undefined;
  },
  print({ cgroup: value, cgroupPath }) {
    if (value === undefined && cgroupPath === undefined) return undefined;
    return printName([value, cgroupPath].filter(part => part !== undefined).join(","));
  },
};

const PROTOCOLS: readonly (readonly [string, number])[] = [
  ["esp", 50],
  ["ah", 51],
  ["ipcomp", 108],
];

/** As many steps as a policy can have. Kernel: xfrm.h, XFRM_MAX_DEPTH. */
const MOST_STEPS = 6;

function security(word: string, key: "ipsecIn" | "ipsecOut"): Word {
  return {
    word,
    takes: "PROTOCOL[:SPI[:REQID]][@SOURCE-DESTINATION][,…], as esp:256 or esp:256:1@192.0.2.1-198.51.100.1",
    read(draft, token) {
      const steps = (token?.text ?? "").split(",", MOST_STEPS + 1).map(readStep);
      if (steps.length > MOST_STEPS || !steps.every(step => step !== undefined)) return false;
      draft[key] = steps;
      return true;
    },
    print: spec => (spec[key]?.length ? spec[key].map(printStep).join(",") : undefined),
  };
}

function readStep(text: string): SecurityStepSpec | undefined {
  const at = text.indexOf("@");
  const [name, spiText = "0", reqidText = "0", ...more] = (at < 0 ? text : text.slice(0, at)).split(":", 4);
  const protocol = PROTOCOLS.find(([each]) => each === name)?.[1] ?? readNumber(name ?? "", 255);
  const spi = readNumber(spiText, U32);
  const reqid = readNumber(reqidText, U32);
  if (protocol === undefined || spi === undefined || reqid === undefined || more.length > 0) return undefined;
  if (at < 0) return { mode: "transport", protocol, spi, reqid };
  const [from = "", to = "", ...others] = text.slice(at + 1).split("-", 3);
  const source = parseAddress(from);
  const destination = parseAddress(to);
  if (source === undefined || destination === undefined || others.length > 0) return undefined;
  return { mode: "tunnel", protocol, spi, reqid, source, destination };
}

function printStep({ mode, protocol, spi, reqid, source, destination }: SecurityStepSpec): string {
  const name = PROTOCOLS.find(([, each]) => each === protocol)?.[0] ?? `${protocol}`;
  const numbers = reqid !== 0 ? `:${spi}:${reqid}` : spi !== 0 ? `:${spi}` : "";
  if (mode === "transport" || source === undefined || destination === undefined) return `${name}${numbers}`;
  return `${name}${numbers}@${printAddress(source)}-${printAddress(destination)}`;
}

const SOCKETS: readonly (readonly [string, LocalSocket])[] = [
  ["bound", { bound: true, transparent: false }],
  ["any", { bound: false, transparent: false }],
  ["transparent", { bound: true, transparent: true }],
  ["any-transparent", { bound: false, transparent: true }],
];

const socket: Word = {
  word: "socket",
  takes: SOCKETS.map(([name]) => name).join(", "),
  read(draft, token) {
    const found = SOCKETS.find(([name]) => name === token?.text)?.[1];
    if (found === undefined) return false;
    draft.localSocket = found;
    return true;
  },
  print: ({ localSocket: wanted }) =>
    wanted && SOCKETS.find(([, { bound, transparent }]) => bound === wanted.bound && transparent === wanted.transparent)?.[0],
};

/** Words for what is around a packet: the machine's side of it. */
export const CIRCUMSTANCES: readonly Word[] = [
  cgroup,
  number("cpu", "cpu", 0xffff),
  number("realm", "realm", U32),
  number("ingroup", "inGroup", U32),
  number("outgroup", "outGroup", U32),
  security("ipsecin", "ipsecIn"),
  security("ipsecout", "ipsecOut"),
  socket,
  number("socketmark", "socketMark", U32),
];
