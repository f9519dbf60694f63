import type { Connection, Zone } from "./connection.ts";
import type { ExpectationTable } from "./expectation-table.ts";
import type { GreKeys } from "./gre-keys.ts";
import type { HelperSettings } from "./helper-settings.ts";
import type { ConntrackSysctls } from "./sysctls.ts";
import type { Found } from "./table.ts";
import type { Timeouts } from "./timeouts.ts";
import type { Tuple } from "./tuple.ts";

/** What NAT, helpers and the protocols' trackers may ask of the tracker that they work for. Times are µs. */
export interface Tracking {
  readonly sysctls: ConntrackSysctls;
  /** A uniform unsigned 32-bit number. */
  readonly random: () => number;
  /** Foreseen connections. */
  readonly expectations: ExpectationTable;
  /** What PPTP's helper knows of GRE's other direction. */
  readonly greKeys: GreKeys;
  readonly helperSettings: HelperSettings;
  /** New connections count packets and bytes: the setting, which a rule with -m connbytes switches on. */
  readonly accounting: boolean;
  /** New connections have labels. */
  readonly labels: boolean;
  /** When the last packet came. NAT, which runs between tracking and confirmation, goes by it. */
  readonly now: number;
  /** The timeouts of a policy by name; without one, or where there is none, the settings'. */
  timeoutsOf(policy: string | undefined): Timeouts;
  /** The live connection that has this tuple in either direction, and which. */
  find(tuple: Tuple, now: number, zone?: number | Zone): Found | undefined;
  /** Is the tuple, in either direction, in use by another connection than this one (nf_conntrack_tuple_taken)? */
  tupleTaken(tuple: Tuple, except: Connection, now: number): boolean;
  /** NAT of an unconfirmed connection: what its answers will look like (nf_conntrack_alter_reply). */
  alterReply(connection: Connection, reply: Tuple): void;
  /** The connection lives `seconds` from now on (nf_ct_refresh). */
  refresh(connection: Connection, seconds: number, now: number): void;
  /** Takes a connection from the table. */
  remove(connection: Connection): void;
  /** Calls back for each connection that leaves the table. */
  onRemove(tell: (connection: Connection) => void): void;
}
