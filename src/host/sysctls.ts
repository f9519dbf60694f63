import type { Host } from "./host.ts";

/** Settings that this project models, with the kernel's defaults in a fresh network namespace. */
export const SYSCTL_DEFAULTS = {
  "net.ipv4.ip_forward": 0,
  "net.ipv4.ip_default_ttl": 64,
  "net.ipv4.icmp_echo_ignore_all": 0,
  "net.ipv4.icmp_echo_ignore_broadcasts": 1,
  "net.ipv4.icmp_errors_use_inbound_ifaddr": 0,
  "net.ipv4.fwmark_reflect": 0,
  "net.ipv4.ip_forward_use_pmtu": 0,
  "net.ipv4.conf.rp_filter": 0,
  "net.ipv4.conf.accept_local": 0,
  "net.ipv4.conf.route_localnet": 0,
  "net.ipv4.conf.accept_source_route": 0,
  "net.ipv4.conf.bc_forwarding": 0,
  "net.ipv4.conf.src_valid_mark": 0,
  "net.ipv4.conf.drop_unicast_in_l2_multicast": 0,
  "net.ipv6.conf.forwarding": 0,
  "net.ipv6.conf.hop_limit": 64,
  "net.ipv6.conf.disable_ipv6": 0,
  "net.ipv6.fwmark_reflect": 0,
  "net.ipv6.icmp.echo_ignore_all": 0,
  "net.ipv6.icmp.echo_ignore_multicast": 0,
  "net.ipv6.icmp.echo_ignore_anycast": 0,
  "net.bridge.bridge-nf-call-iptables": 1,
  "net.bridge.bridge-nf-call-ip6tables": 1,
  "net.netfilter.nf_conntrack_acct": 0,
  "net.netfilter.nf_conntrack_checksum": 1,
  "net.netfilter.nf_conntrack_max": 262144,
  "net.netfilter.nf_conntrack_tcp_loose": 1,
  "net.netfilter.nf_conntrack_tcp_be_liberal": 0,
  "net.netfilter.nf_conntrack_tcp_max_retrans": 3,
  "net.netfilter.nf_conntrack_tcp_ignore_invalid_rst": 0,
} as const;

/** The value of a setting; `fallback` where neither the host nor the table of defaults has it. */
export function sysctl(host: Host, name: string, fallback = 0): number {
  return host.sysctls.get(name) ?? (SYSCTL_DEFAULTS as Readonly<Record<string, number>>)[name] ?? fallback;
}

/** Settings of one interface that the kernel combines with those of `all`. */
export type ConfKey =
  | "rp_filter"
  | "accept_local"
  | "route_localnet"
  | "accept_source_route"
  | "bc_forwarding"
  | "src_valid_mark"
  | "forwarding";

/** How `all` and the interface's own value make one. Kernel: inetdevice.h, IN_DEV_ANDCONF, IN_DEV_ORCONF, IN_DEV_MAXCONF. */
const COMBINE: Readonly<Record<ConfKey, "and" | "or" | "max" | "own">> = {
  rp_filter: "max",
  accept_local: "or",
  route_localnet: "or",
  accept_source_route: "and",
  bc_forwarding: "and",
  src_valid_mark: "or",
  forwarding: "own",
};

/** A setting under `net.ipv4.conf` as it takes effect on one interface. */
export function confOf(host: Host, key: ConfKey, device: string): number {
  const fallback = key === "forwarding" ? sysctl(host, "net.ipv4.ip_forward") : sysctl(host, `net.ipv4.conf.${key}`);
  const all = host.sysctls.get(`net.ipv4.conf.all.${key}`) ?? fallback;
  const own = host.sysctls.get(`net.ipv4.conf.${device}.${key}`) ?? host.sysctls.get(`net.ipv4.conf.default.${key}`) ?? fallback;
  switch (COMBINE[key]) {
    case "and":
      return all !== 0 && own !== 0 ? 1 : 0;
    case "or":
      return all !== 0 || own !== 0 ? 1 : 0;
    case "max":
      return Math.max(all, own);
    case "own":
      return own;
  }
}

/** Does this machine pass IPv6 packets on? Kernel: ip6_output.c, ip6_forward asks `all` only. */
export function forwards6(host: Host): boolean {
  return sysctl(host, "net.ipv6.conf.all.forwarding", sysctl(host, "net.ipv6.conf.forwarding")) !== 0;
}
