import { PROTOCOL } from "../packet/index.ts";
import type { Track } from "../predicate/index.ts";
import type { Carrier } from "./carrier.ts";
import { CT_INFO, directionOf, type CtInfo } from "./direction.ts";
import { DEFAULT_ZONE, STATUS, type Connection, type Zone } from "./connection.ts";
import { ExpectationTable } from "./expectation-table.ts";
import { GreKeys } from "./gre-keys.ts";
import { HELPER_SETTINGS, type HelperSettings } from "./helper-settings.ts";
import { judgeIcmp } from "./icmp.ts";
import type { Watcher } from "./helper.ts";
import { helperNamed } from "./helpers/index.ts";
import { newConnection } from "./new-connection.ts";
import { trackerOf } from "./protocols.ts";
import { newScene } from "./scene.ts";
import { SYSCTLS, type ConntrackSysctls } from "./sysctls.ts";
import { ConnectionTable, type Found } from "./table.ts";
import { TCP_STATE } from "./tcp-state.ts";
import type { Tracking } from "./tracking.ts";
import type { TimeoutPolicy, Timeouts } from "./timeouts.ts";
import { invertTuple, NO_NEXT_HEADER, packetTuple, quotedTuple, type Tuple } from "./tuple.ts";

/** `random` gives uniform unsigned 32-bit numbers: one at construction (the hash seed), then one for each random NAT port. */
export interface TrackerOptions {
  readonly sysctls?: ConntrackSysctls | undefined;
  /** What the helpers' module parameters say; the rest has the kernel's defaults. */
  readonly helpers?: Partial<HelperSettings> | undefined;
  /** What `-j CT --timeout NAME` may name. */
  readonly timeoutPolicies?: readonly TimeoutPolicy[] | undefined;
  /** Some rule tests or sets labels. */
  readonly labels?: boolean | undefined;
  random(): number;
}

type Verdict = "accept" | "drop";

/** The connection table of one machine, both families. Times are µs and never run backwards. */
export class Tracker implements Tracking {
  readonly sysctls: ConntrackSysctls;
  readonly random: () => number;
  /** Foreseen connections. */
  readonly expectations: ExpectationTable;
  /** What PPTP's helper knows of GRE's other direction. */
  readonly greKeys: GreKeys = new GreKeys();
  readonly helperSettings: HelperSettings;
  /** New connections count packets and bytes: the setting, which a rule with -m connbytes switches on. */
  accounting: boolean;
  /** New connections have labels. */
  labels: boolean;
  /** µs: when the last packet came. NAT, which runs between tracking and confirmation, goes by it. */
  now = 0;
  readonly #table = new ConnectionTable();
  readonly #watchers = new WeakMap<Connection, Watcher>();
  readonly #policies: ReadonlyMap<string, Timeouts>;
  #lastId = 0;

  constructor(options: TrackerOptions) {
    this.sysctls = options.sysctls ?? SYSCTLS;
    this.random = options.random;
    this.helperSettings = { ...HELPER_SETTINGS, ...options.helpers };
    this.accounting = this.sysctls.acct;
    this.labels = options.labels ?? false;
    this.expectations = new ExpectationTable(this.sysctls.expectMax);
    this.#policies = new Map(
      (options.timeoutPolicies ?? []).map(({ name, values }) => [name, { ...this.sysctls.timeouts, ...values }] as const),
    );
    this.#table.onRemove(connection => this.release(connection));
  }

  /** The timeouts of a policy by name; without one, or where there is none, the settings'. */
  timeoutsOf(policy: string | undefined): Timeouts {
    return (policy === undefined ? undefined : this.#policies.get(policy)) ?? this.sysctls.timeouts;
  }

  /** Connections in the table, expired ones that nobody met since included. */
  get size(): number {
    return this.#table.size;
  }

  /** Finds or makes the packet's connection and moves its state (nf_conntrack_core.c, nf_conntrack_in). `template` is what CT or NOTRACK asked for in raw. */
  track(carrier: Carrier, hook: "PREROUTING" | "OUTPUT", now: number, template?: Track): Verdict {
    this.now = now;
    // Seen before: it comes over loopback, or is not to be tracked.
    if (carrier.connection !== undefined || carrier.info === CT_INFO.UNTRACKED) return "accept";
    carrier.trackingReason = undefined;
    if (template?.notrack) {
      carrier.info = CT_INFO.UNTRACKED;
      return "accept";
    }
    const { layout } = carrier;
    if (layout.fragmentOffset !== 0 || layout.protocol < 0 || (layout.family === 6 && layout.protocol === NO_NEXT_HEADER))
      return invalid(carrier, "no transport header to track");
    const zone = zoneOf(template, carrier);
    const verify = hook === "PREROUTING" && this.sysctls.checksum;
    if (layout.protocol === (carrier.family === 4 ? PROTOCOL.ICMP : PROTOCOL.ICMPV6)) {
      const kind = judgeIcmp(carrier, verify);
      if (kind === "untracked") {
        carrier.info = CT_INFO.UNTRACKED;
        return "accept";
      }
      if (kind !== "query") return "invalid" in kind ? invalid(carrier, kind.invalid) : this.#relate(carrier, kind.error.quotes, zone, now);
    }
    return this.#advance(carrier, zone, verify, now, template);
  }

  /** Puts a new connection into the table, at the end of INPUT or POSTROUTING (nf_conntrack_core.c, __nf_conntrack_confirm). */
  confirm(carrier: Carrier, now: number): Verdict {
    const { connection } = carrier;
    if (connection === undefined || connection.status & STATUS.CONFIRMED || directionOf(carrier.info) !== 0) return "accept";
    carrier.trackingReason = undefined;
    if (connection.status & STATUS.DYING) {
      carrier.trackingReason = "the connection is being removed";
      return "drop";
    }
    connection.deadline += now;
    if (!this.#table.insert(connection, now)) {
      connection.status |= STATUS.DYING;
      this.release(connection);
      carrier.trackingReason = "another connection took the same addresses and ports";
      return "drop";
    }
    connection.status |= STATUS.CONFIRMED;
    if (this.sysctls.timestamp) connection.startedAt = now;
    return "accept";
  }

  /** Confirmed connections that live at `now`, oldest first. */
  connections(now: number): readonly Connection[] {
    return this.#table.live(now);
  }

  /** The live connection that has this tuple in either direction, and which. */
  find(tuple: Tuple, now: number, zone: number | Zone = DEFAULT_ZONE): Found | undefined {
    return this.#table.find(tuple, typeof zone === "number" ? { id: zone, original: true, reply: true } : zone, now);
  }

  /** Is the tuple, in either direction, in use by another connection than this one (nf_conntrack_tuple_taken)? */
  tupleTaken(tuple: Tuple, except: Connection, now: number): boolean {
    return this.#table.taken(tuple, except.zone, except, now);
  }

  /** NAT of an unconfirmed connection: what its answers will look like (nf_conntrack_alter_reply). */
  alterReply(connection: Connection, reply: Tuple): void {
    connection.tuples[1] = reply;
  }

  /** A RST that a rule answered with closes the connection (nf_conntrack_proto_tcp.c, nf_conntrack_tcp_set_closing). */
  setClosing(connection: Connection, now: number): void {
    const { tcp } = connection;
    if (tcp === undefined || !(connection.status & STATUS.CONFIRMED) || tcp.state === TCP_STATE.CLOSE) return;
    tcp.state = TCP_STATE.CLOSE;
    if (!(connection.status & STATUS.FIXED_TIMEOUT)) connection.deadline = now + connection.timeouts.tcp_timeout_close * 1e6;
  }

  /** A helper lets its connection live `seconds` from now on (nf_ct_refresh). */
  refresh(connection: Connection, seconds: number, now: number): void {
    if (connection.status & STATUS.FIXED_TIMEOUT) return;
    connection.deadline = (connection.status & STATUS.CONFIRMED ? now : 0) + seconds * 1e6;
  }

  /** Forgets what the helper of a connection that ends, or never began, had foreseen (nf_ct_helper_destroy, nf_ct_remove_expectations). */
  release(connection: Connection): void {
    if (connection.helper === undefined) return;
    this.watcherOf(connection)?.end?.(this, connection);
    this.expectations.removeOf(connection);
  }

  /** The connection's helper at work. */
  watcherOf(connection: Connection): Watcher | undefined {
    return this.#watchers.get(connection);
  }

  /** Calls back for each connection that leaves the table. */
  onRemove(tell: (connection: Connection) => void): void {
    this.#table.onRemove(tell);
  }

  /** Drops what has expired; each step does so by itself. */
  expire(now: number): void {
    this.#table.sweep(now);
  }

  /** Removes a connection (conntrack -D). */
  remove(connection: Connection): void {
    this.#table.remove(connection);
  }

  /** Empties the table (conntrack -F). */
  flush(): void {
    this.#table.clear();
  }

  /** An ICMP error about a packet of a known connection is RELATED to it (nf_conntrack_proto_icmp.c, nf_conntrack_inet_error). */
  #relate(carrier: Carrier, quotes: number, zone: Zone, now: number): Verdict {
    const { bytes, family, layout } = carrier;
    const quoted = this.#keyed(quotedTuple(bytes, family, quotes, layout.totalLength));
    const inverse = quoted && invertTuple(quoted);
    const found = inverse && this.#table.find(inverse, zone, now);
    if (!found) return invalid(carrier, "an ICMP error about no known connection");
    const outer = packetTuple(bytes, family, 0, 0, layout.l4, layout.totalLength);
    if (outer?.destination !== found.connection.tuples[found.direction].destination)
      return invalid(carrier, "an ICMP error to somebody else than the sender of what it quotes");
    carrier.connection = found.connection;
    carrier.info = found.direction === 0 ? CT_INFO.RELATED : CT_INFO.RELATED_REPLY;
    return "accept";
  }

  #advance(carrier: Carrier, zone: Zone, verify: boolean, now: number, template: Track | undefined): Verdict {
    // A second time when a new SYN ended an old connection; never more, since the new connection begins with it.
    for (let attempt = 0; attempt < 2; attempt++) {
      const place = this.#resolve(carrier, zone, now, template);
      if (place === "full") {
        carrier.trackingReason = "nf_conntrack: table full, dropping packet";
        return "drop";
      }
      if (place === undefined) return invalid(carrier, "no connection can begin with this packet");
      const { connection, info } = place;
      const step = trackerOf(carrier.layout.protocol).packet(
        connection,
        carrier,
        newScene(this, { connection, info, length: carrier.layout.totalLength, verify, now }),
      );
      if (step === "accept") {
        carrier.connection = connection;
        carrier.info = info;
        if (info === CT_INFO.ESTABLISHED_REPLY) connection.status |= STATUS.SEEN_REPLY;
        return "accept";
      }
      if (step === "repeat") {
        this.#table.remove(connection);
        continue;
      }
      if (step === "drop") {
        carrier.trackingReason = "the connection is being removed";
        return "drop";
      }
      return invalid(carrier, step.invalid);
    }
    return invalid(carrier, "no connection can begin with this packet");
  }

  /** Kernel: resolve_normal_ct. */
  #resolve(
    carrier: Carrier,
    zone: Zone,
    now: number,
    template: Track | undefined,
  ): { connection: Connection; info: CtInfo } | "full" | undefined {
    const { bytes, family, layout } = carrier;
    const tuple = this.#keyed(packetTuple(bytes, family, 0, layout.protocol, layout.l4, layout.totalLength));
    if (tuple === undefined) return undefined;
    const found = this.#table.find(tuple, zone, now);
    if (found === undefined) {
      const connection = this.#begin(tuple, zone, now, template);
      if (connection === undefined || connection === "full") return connection;
      return { connection, info: connection.status & STATUS.EXPECTED ? CT_INFO.RELATED : CT_INFO.NEW };
    }
    const { connection, direction } = found;
    if (direction === 1) return { connection, info: CT_INFO.ESTABLISHED_REPLY };
    if (connection.status & STATUS.SEEN_REPLY) return { connection, info: CT_INFO.ESTABLISHED };
    return { connection, info: connection.status & STATUS.EXPECTED ? CT_INFO.RELATED : CT_INFO.NEW };
  }

  /** Kernel: init_conntrack. */
  #begin(tuple: Tuple, zone: Zone, now: number, template: Track | undefined): Connection | "full" | undefined {
    const reply = invertTuple(tuple);
    if (reply === undefined) return undefined;
    if (this.sysctls.max > 0 && this.size >= this.sysctls.max && !this.#table.dropEarly(now)) return "full";
    const expected = this.expectations.take(tuple, zone, now);
    // One that was expected has the helper that its expectation gives it, and no other (nf_conntrack_helper.c, __nf_ct_try_assign_helper).
    const named = expected === undefined ? template?.helper : expected.helper;
    const helper = named === undefined ? undefined : helperNamed(named, tuple.family, tuple.protocol);
    const connection = newConnection(this, { id: ++this.#lastId, tuple, reply, zone, template, expected, helper: helper?.name });
    if (helper !== undefined) {
      this.#watchers.set(connection, helper.watch(this.helperSettings));
      this.expectations.admit(connection, helper.policies(this.helperSettings));
    }
    if (expected) expected.arrive?.(connection, expected);
    return connection;
  }

  /** GRE's tuple with the key that its packets do not carry (nf_conntrack_proto_gre.c, gre_pkt_to_tuple). */
  #keyed<T extends Tuple>(tuple: T | undefined): T | undefined {
    if (tuple === undefined || tuple.protocol !== PROTOCOL.GRE || tuple.destinationPort === 0) return tuple;
    return { ...tuple, sourcePort: this.greKeys.sourceKey(tuple) };
  }
}

function zoneOf(template: Track | undefined, { mark }: Carrier): Zone {
  if (template?.zone === undefined) return DEFAULT_ZONE;
  const { id, direction } = template.zone;
  return { id: id === "mark" ? mark & 0xffff : id, original: direction !== "reply", reply: direction !== "original" };
}

/** The packet belongs to no connection: it goes on as INVALID. */
function invalid(carrier: Carrier, reason: string): Verdict {
  carrier.connection = undefined;
  carrier.info = CT_INFO.ESTABLISHED;
  carrier.trackingReason = reason;
  return "accept";
}
