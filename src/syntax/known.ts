import { MATCHES, TARGETS } from "../extensions/index.ts";
import type { Family } from "../predicate/index.ts";

/**
 * The extensions that iptables 1.8.9 has. A rule that uses one of them is good iptables even where Ferrule does not model it, and is refused
 * with that reason rather than as a misspelling.
 */
const BOTH_MATCHES =
  "addrtype ah bpf cgroup cluster comment connbytes connlabel connlimit connmark conntrack cpu dccp devgroup dscp ecn esp hashlimit helper ipcomp iprange ipvs length limit " +
  "mac mark multiport nfacct osf owner physdev pkttype policy quota rateest recent rpfilter sctp set socket state statistic string tcp tcpmss time tos u32 udp";
const BOTH_TARGETS =
  "AUDIT CHECKSUM CLASSIFY CONNMARK CONNSECMARK CT DNAT DSCP HMARK IDLETIMER LED LOG MARK MASQUERADE NAT NETMAP NFLOG NFQUEUE NOTRACK RATEEST REDIRECT REJECT SECMARK SET " +
  "SNAT SYNPROXY TCPMSS TCPOPTSTRIP TEE TOS TPROXY TRACE";
const OWN_MATCHES: Readonly<Record<Family, string>> = { 4: "icmp realm ttl", 6: "dst eui64 frag hbh hl icmp6 ipv6header mh rt srh" };
const OWN_TARGETS: Readonly<Record<Family, string>> = { 4: "CLUSTERIP ECN TTL ULOG", 6: "DNPT HL SNPT" };

const names = (both: string, own: Readonly<Record<Family, string>>): Readonly<Record<Family, ReadonlySet<string>>> => ({
  4: new Set(`${both} ${own[4]}`.split(" ")),
  6: new Set(`${both} ${own[6]}`.split(" ")),
});
const matches = names(BOTH_MATCHES, OWN_MATCHES);
const targets = names(BOTH_TARGETS, OWN_TARGETS);

/** Does iptables have the match in that family, while Ferrule has not? */
export const isUnmodelledMatch = (name: string, family: Family): boolean =>
  matches[family].has(name) && !MATCHES.some(type => type.name === name);

/** Does iptables have the target in that family, while Ferrule has not? */
export const isUnmodelledTarget = (name: string, family: Family): boolean =>
  targets[family].has(name) && !TARGETS.some(type => type.name === name);

/** Is it the name of a target, which no chain may bear? */
export const isTargetName = (name: string, family: Family): boolean =>
  targets[family].has(name) || TARGETS.some(type => type.name === name && (!type.families || type.families.includes(family)));
