import { CT_STATUS, type Facts, type FlowTuple } from "../predicate/index.ts";
import { jiffies } from "./jiffies.ts";

/** Connections that are looked at for one packet; the kernel looks at all of them. */
const MOST_LOOKED_AT = 1024;
/** Connections that are let go for one packet, and those that may come within a tick unlooked. Kernel: CONNCOUNT_GC_MAX_COLLECT. */
const MOST_LET_GO = 64;
/** Networks before the first sweep. */
const FIRST_SWEEP = 1024;

/** IPv6 packets without a transport header belong to no connection. Kernel: get_l4proto. */
const NO_NEXT_HEADER = 59;

/** A connection that was counted. Kernel: struct nf_conncount_tuple. */
interface Counted {
  readonly flow: FlowTuple;
  readonly zone: number;
}

/** The connections of one network in the order in which they were counted; one that was never confirmed may stand there more than once. Kernel: struct nf_conncount_list. */
interface Network {
  readonly counted: Set<Counted>;
  /** When it was last looked through, in jiffies, and how many were left. */
  lookedAt: number;
  left: number;
}

/** Counts open connections by a key, on a machine with one processor. Kernel: struct nf_conncount_data. */
export class ConnectionCount {
  readonly #networks: Map<string, Network> = new Map();
  #sweepAt = FIRST_SWEEP;

  /**
   * How many connections the key has, the packet's own included, which is counted from now on; 0 where the packet has none that could be counted.
   * `now` is in microseconds. Kernel: nf_conncount.c, nf_conncount_count.
   */
  count(key: string, facts: Facts, now: number): number {
    const flow = facts.connections.flow();
    if (flow === undefined || (facts.family === 6 && flow.protocol === NO_NEXT_HEADER)) return 0;
    const own: Counted = { flow, zone: Number(facts.value("ctzone") ?? 0) };
    const time = jiffies(now);
    const network = this.#networks.get(key);
    if (network === undefined) {
      this.#sweep(facts);
      this.#networks.set(key, { counted: new Set([own]), lookedAt: time, left: 0 });
      return 1;
    }
    add(network, own, facts, time);
    return network.counted.size;
  }

  /** Networks without a connection that is still there are forgotten, at a cost that is spread over those that come. Kernel: tree_gc_worker. */
  #sweep(facts: Facts): void {
    if (this.#networks.size < this.#sweepAt) return;
    for (const [key, network] of this.#networks) {
      lookThrough(network, facts, undefined);
      if (network.counted.size === 0) this.#networks.delete(key);
    }
    this.#sweepAt = Math.max(FIRST_SWEEP, this.#networks.size * 2);
  }
}

/** An assured connection is not counted anew; others are unless they are found, which is not tried more than once a tick. Kernel: __nf_conncount_add. */
function add(network: Network, own: Counted, facts: Facts, time: number): void {
  const status = Number(facts.value("ctstatus") ?? 0);
  const confirmed = (status & CT_STATUS.CONFIRMED) !== 0;
  if (confirmed && status & CT_STATUS.ASSURED) {
    if (time !== network.lookedAt) look(network, facts, undefined, time);
    return;
  }
  if (confirmed || time !== network.lookedAt || network.counted.size - network.left >= MOST_LET_GO) {
    if (look(network, facts, own, time)) return;
  }
  network.counted.add(own);
}

/** Looks through a network unless the packet's own connection turns up: does it? */
function look(network: Network, facts: Facts, own: Counted | undefined, time: number): boolean {
  if (lookThrough(network, facts, own)) return true;
  network.lookedAt = time;
  network.left = network.counted.size;
  return false;
}

/** Lets connections go that are closed or no longer in the table, up to the packet's own: is it there? Kernel: find_or_evict, already_closed. */
function lookThrough({ counted }: Network, { connections }: Facts, own: Counted | undefined): boolean {
  const long = counted.size > MOST_LOOKED_AT;
  let looked = 0;
  let gone = 0;
  for (const each of counted) {
    if (gone > MOST_LET_GO || looked++ === MOST_LOOKED_AT) return false;
    const found = connections.find(each.flow, each.zone);
    if (found?.confirmed && own && isSame(each, own)) return true;
    if (!found?.confirmed || found.closed) {
      counted.delete(each);
      gone++;
    } else if (long) {
      // The others have their turn with the next packet.
      counted.delete(each);
      counted.add(each);
    }
  }
  return false;
}

const isSame = (a: Counted, b: Counted): boolean =>
  a.zone === b.zone &&
  a.flow.protocol === b.flow.protocol &&
  a.flow.source === b.flow.source &&
  a.flow.destination === b.flow.destination &&
  a.flow.sourcePort === b.flow.sourcePort &&
  a.flow.destinationPort === b.flow.destinationPort;
