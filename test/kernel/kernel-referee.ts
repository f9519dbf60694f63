/** The kernel as a referee: the machine of topology.ts in a namespace of our own. */
import { mustRun, run } from "./command.ts";
import { SET_TEXT } from "./generate/sets.ts";
import { LogReader, type Logged } from "./nflog.ts";
import type { CounterMap, Frame, Outcome, Referee, Step } from "./referee.ts";
import { EMPTY_RULES, flushConnections, IPTABLES, readConnections, type RuleLoader } from "./rules.ts";
import { LocalSender } from "./sender.ts";
import { buildMachine, ownAddresses, type Machine } from "./topology.ts";
import { ethernetFrame, packetOfFrame, type Wire } from "./tun.ts";

/** Our own log group, for packets that have passed the last iptables chain of INPUT. */
const DELIVERED = 64_999;
/** Milliseconds of more than two jiffies. */
const JIFFIES = 10;
/** Groups that generated NFLOG rules use. */
export const LOGGED_GROUPS: readonly number[] = [0, 1, 2, 30];

const ERRNO: Readonly<Record<number, string>> = {
  1: "EPERM",
  22: "EINVAL",
  90: "EMSGSIZE",
  101: "ENETUNREACH",
  113: "EHOSTUNREACH",
  105: "ENOBUFS",
};
const LINK = { broadcast: "ff:ff:ff:ff:ff:ff", multicast: "01:00:5e:00:00:01", otherhost: "02:ee:00:00:00:05" } as const;

/**
 * What happens to a packet that was delivered. `silent`: it is recorded and dropped, after confirmation in the connection table,
 * so that only netfilter speaks. `answering`: the kernel goes on and answers echo requests, closed ports and unknown protocols.
 */
export type LocalStack = "silent" | "answering";

/** The real kernel. One for each process: the namespace is its own. */
export class KernelReferee implements Referee {
  readonly #family: 4 | 6;
  readonly #stack: LocalStack;
  readonly #machine: Machine;
  readonly #log: LogReader;
  readonly #sender: LocalSender;
  /** How rules get into the kernel; may be changed between cases. */
  loader: RuleLoader = IPTABLES;
  #remembers = false;
  /** Steps come more than two jiffies apart. */
  #slow = false;
  /** TRACE events of the last step, without their head; the rules must have a TRACE rule. */
  trace: readonly Logged[] = [];

  constructor(family: 4 | 6, stack: LocalStack, bridge = false) {
    this.#family = family;
    this.#stack = stack;
    this.#machine = buildMachine(family, bridge);
    this.#sender = new LocalSender(ownAddresses(family));
    mustRun("nft", ["-f", "-"], deliveryChain(stack));
    this.#log = new LogReader([DELIVERED, ...LOGGED_GROUPS]);
    if (family === 6) waitForSilence(this.#machine);
  }

  load(rules: string): string | undefined {
    // xt_recent keeps a list while any rule names it, sets are in use, and rules are replaced before the old ones go.
    if (this.#remembers) this.loader.load(this.#family, EMPTY_RULES);
    this.#slow = rules.includes("-m connlimit");
    const usesSets = rules.includes("-set ");
    if (usesSets) makeSets();
    this.#remembers = usesSets || /-m (recent|hashlimit)/.test(rules);
    const refused = this.loader.load(this.#family, rules);
    flushConnections();
    if (this.#stack === "answering" && this.#family === 6) run("ip", ["-6", "route", "flush", "cache"]);
    this.#collect("");
    return refused;
  }

  step(step: Step): Outcome {
    if (this.#slow) pause(JIFFIES);
    if (step.do === "wait") {
      pause(step.milliseconds);
      return this.#collect("");
    }
    if (step.do === "send") {
      const errno = this.#sender.send(step.bytes, step);
      return this.#collect(errno === 0 ? "" : (ERRNO[errno] ?? `errno ${errno}`));
    }
    const wire = this.#wire(step.device);
    const frame =
      wire.kind === "tun"
        ? step.bytes
        : ethernetFrame(this.#machine.inbound(step.device, step.bytes, step.link && LINK[step.link]), step.bytes);
    const errno = wire.put(frame);
    return this.#collect(errno === 0 ? "" : (ERRNO[errno] ?? `errno ${errno}`));
  }

  counters(): CounterMap {
    return this.loader.counters(this.#family);
  }

  connections(): string[] {
    return readConnections();
  }

  #wire(device: string): Wire {
    const wire = this.#machine.wires.get(device);
    if (wire === undefined) throw new Error(`no wire ${device}`);
    return wire;
  }

  #collect(error: string): Outcome {
    const delivered: Frame[] = [];
    const logged: string[] = [];
    const trace: Logged[] = [];
    for (const one of this.#log.drain()) {
      if (one.group === 0 && one.prefix.startsWith("TRACE: ")) trace.push(one);
      else if (one.group === DELIVERED) delivered.push(this.#deliveredFrame(one));
      else logged.push(`${one.group} ${JSON.stringify(one.prefix)} ${one.bytes.length}`);
    }
    this.trace = trace;
    return { delivered, emitted: takeAll(this.#machine), logged, error };
  }

  #deliveredFrame(one: Logged): Frame {
    return { device: this.#machine.names.get(one.inIndex) ?? `#${one.inIndex}`, bytes: one.bytes, mark: one.mark };
  }
}

/** Every case starts with the same sets. */
function makeSets(): void {
  run("ipset", ["flush"]);
  run("ipset", ["destroy"]);
  mustRun("ipset", ["restore"], SET_TEXT);
}

function takeAll(machine: Machine): Frame[] {
  const emitted: Frame[] = [];
  for (const [device, wire] of machine.wires) {
    for (let frame = wire.take(); frame !== undefined; frame = wire.take()) {
      const bytes = wire.kind === "tun" ? frame : packetOfFrame(frame);
      if (bytes !== undefined) emitted.push({ device, bytes, mark: 0 });
    }
  }
  return emitted;
}

/**
 * An nftables chain after everything that iptables has at INPUT. It is made before any connection tracking starts:
 * hooks of equal priority run latest first, so confirmation (nf_confirm, also at INT_MAX) comes before it.
 */
function deliveryChain(stack: LocalStack): string {
  const verdict = stack === "silent" ? "drop" : "accept";
  return `table inet referee {
  chain delivered {
    type filter hook input priority 2147483647; policy accept;
    log group ${DELIVERED} ${verdict}
  }
}
`;
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** IPv6 reports the multicast groups it joins; they must be out before the first case. */
function waitForSilence(machine: Machine): void {
  for (let quiet = 0, rounds = 0; quiet < 15 && rounds < 100; rounds++) {
    pause(20);
    quiet = takeAll(machine).length === 0 ? quiet + 1 : 0;
  }
}
