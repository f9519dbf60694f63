/**
 * The extensions that iptables 1.8.9 has. A rule that uses one of them is good iptables even where Ferrule does not model it, and is refused
 * with that reason rather than as a misspelling.
 */
const MATCHES_1_8_9 =
  "addrtype ah bpf cgroup cluster comment connbytes connlabel connlimit connmark conntrack cpu dccp devgroup dscp dst ecn esp eui64 frag hashlimit hbh helper hl icmp icmp6 " +
  "ipcomp iprange ipv6header ipvs length limit mac mark mh multiport nfacct osf owner physdev pkttype policy quota rateest realm recent rpfilter rt sctp set socket srh " +
  "state statistic string tcp tcpmss time tos ttl u32 udp";
const TARGETS_1_8_9 =
  "AUDIT CHECKSUM CLASSIFY CLUSTERIP CONNMARK CONNSECMARK CT DNAT DNPT DSCP ECN HL HMARK IDLETIMER LED LOG MARK MASQUERADE NAT NETMAP NFLOG NFQUEUE NOTRACK RATEEST REDIRECT " +
  "REJECT SECMARK SET SNAT SNPT SYNPROXY TCPMSS TCPOPTSTRIP TEE TOS TPROXY TRACE TTL ULOG";

/** Matches of iptables 1.8.9, by the name `-m` takes. */
export const KNOWN_MATCHES: ReadonlySet<string> = new Set(MATCHES_1_8_9.split(" "));
/** Targets of iptables 1.8.9, by the name `-j` takes. */
export const KNOWN_TARGETS: ReadonlySet<string> = new Set(TARGETS_1_8_9.split(" "));
