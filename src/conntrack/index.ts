/** Connection tracking, NAT and reassembly as the kernel does them, on a clock and a random source that are given. */
export { CT_INFO, directionOf, type Carrier, type CtInfo, type Direction } from "./carrier.ts";
export { type Address, type Tuple } from "./tuple.ts";
export { DEFAULT_ZONE, STATUS, zoneId, type Connection, type Count, type Zone } from "./connection.ts";
export { TIMEOUT_DEFAULTS, type TimeoutName, type Timeouts } from "./timeouts.ts";
export { conntrackSysctls, SYSCTLS, type ConntrackSysctls } from "./sysctls.ts";
export { Tracker, type TrackerOptions } from "./tracker.ts";
export { natHook, type NatConsult, type NatOutcome, type NatPlace, type NatRange } from "./nat.ts";
export { DEFRAG, Defragmenter, type Defragmented, type DefragSettings, type DefragUser } from "./defrag.ts";
export { printConnection, type ListingOptions } from "./listing.ts";
