/** Conntrack's timeouts in seconds, each by the name its sysctl has after `nf_conntrack_`. Defaults are the kernel's. */
export const TIMEOUT_DEFAULTS = {
  tcp_timeout_syn_sent: 120,
  tcp_timeout_syn_recv: 60,
  tcp_timeout_established: 432000,
  tcp_timeout_fin_wait: 120,
  tcp_timeout_close_wait: 60,
  tcp_timeout_last_ack: 30,
  tcp_timeout_time_wait: 120,
  tcp_timeout_close: 10,
  tcp_timeout_max_retrans: 300,
  tcp_timeout_unacknowledged: 300,
  udp_timeout: 30,
  udp_timeout_stream: 120,
  icmp_timeout: 30,
  icmpv6_timeout: 30,
  gre_timeout: 30,
  gre_timeout_stream: 180,
  sctp_timeout_closed: 10,
  sctp_timeout_cookie_wait: 3,
  sctp_timeout_cookie_echoed: 3,
  sctp_timeout_established: 210,
  sctp_timeout_shutdown_sent: 3,
  sctp_timeout_shutdown_recd: 3,
  sctp_timeout_shutdown_ack_sent: 3,
  sctp_timeout_heartbeat_sent: 30,
  generic_timeout: 600,
} as const;

/** The name of a timeout. */
export type TimeoutName = keyof typeof TIMEOUT_DEFAULTS;

/** Every timeout, in seconds. */
export type Timeouts = Readonly<Record<TimeoutName, number>>;

/** A named set of timeouts that `-j CT --timeout NAME` gives to connections (nfnetlink_cttimeout.c); what it leaves out is the settings'. */
export interface TimeoutPolicy {
  readonly name: string;
  readonly values: Partial<Timeouts>;
}
