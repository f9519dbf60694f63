/** The machine a ruleset stands on: its interfaces, addresses, routes and settings, and how it routes. */
export {
  LOOPBACK,
  TABLE,
  type Host,
  type Interface,
  type InterfaceAddress,
  type Listener,
  type PolicyRule,
  type Route,
  type RouteType,
  type Scope,
} from "./host.ts";
export { confOf, forwards6, sysctl, SYSCTL_DEFAULTS, type ConfKey } from "./sysctls.ts";
export { Fib, type FibQuery, type FibResult, type RouteError } from "./fib.ts";
export { Router, RTN } from "./routes.ts";
export { type ReversePathOptions } from "./reverse-path.ts";
export { type InputRoute, type OutputQuery, type OutputRoute, type RouteQuery } from "./routing.ts";
export { selectAddress4, selectAddress6 } from "./source-address.ts";
export { connectedNetworks, neighbourNetworks, networkOf, type ConnectedNetwork } from "./connected-networks.ts";
export { isLimitedBroadcast, isLinkLocal, isLoopback, isMulticast, isZeronet, scopeOf6 } from "./address-type.ts";
export { CAPTURE_COMMANDS, hostFromCapture, type Capture } from "./capture.ts";
export { type HostFault, type HostReading, type NamedText } from "./fault.ts";
export { parseHostFile } from "./file.ts";
export { HOST_FILE_VERSION } from "./file-schema.ts";
export { hostFromFlags, type HostFlags } from "./flags.ts";
export { printHost } from "./print.ts";
export { summarizeHost } from "./summary.ts";
export { assumeHost, passengerOf, type Passenger } from "./assume.ts";
