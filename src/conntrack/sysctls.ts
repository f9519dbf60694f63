import { TIMEOUT_DEFAULTS, type TimeoutName, type Timeouts } from "./timeouts.ts";

/** The settings that tracking, NAT and reassembly obey, with the kernel's meaning and defaults. */
export interface ConntrackSysctls {
  /** Connections the table may hold; 0 is no limit. */
  readonly max: number;
  /** Hash buckets; early drop looks for a victim in eight of them. */
  readonly buckets: number;
  /** Expectations that may wait at a time. */
  readonly expectMax: number;
  /** Keep when connections began. */
  readonly timestamp: boolean;
  /** Count packets and bytes per direction. */
  readonly acct: boolean;
  /** Packets with a wrong checksum are INVALID in PREROUTING. */
  readonly checksum: boolean;
  readonly tcpLoose: boolean;
  readonly tcpBeLiberal: boolean;
  readonly tcpMaxRetrans: number;
  readonly tcpIgnoreInvalidRst: boolean;
  readonly timeouts: Timeouts;
}

/** The kernel's defaults, with a table of 262,144 connections. */
export const SYSCTLS: ConntrackSysctls = {
  max: 262144,
  buckets: 262144,
  expectMax: 4096,
  timestamp: false,
  acct: false,
  checksum: true,
  tcpLoose: true,
  tcpBeLiberal: false,
  tcpMaxRetrans: 3,
  tcpIgnoreInvalidRst: false,
  timeouts: TIMEOUT_DEFAULTS,
};

/** The table of expectations is sized by that of connections (nf_conntrack_expect.c, nf_conntrack_expect_init). */
const BUCKETS_PER_EXPECTATION_BUCKET = 256;
const EXPECTATIONS_PER_BUCKET = 4;

/** The settings that a reader of sysctls gives, asked by full name (`net.netfilter.nf_conntrack_max`); what it does not know has its default. */
export function conntrackSysctls(read: (name: string) => number | undefined): ConntrackSysctls {
  const number = (name: string, fallback: number): number => {
    const value = read(`net.netfilter.nf_conntrack_${name}`);
    return value === undefined || !Number.isFinite(value) || value < 0 ? fallback : Math.floor(value);
  };
  const flag = (name: string, fallback: boolean): boolean => number(name, fallback ? 1 : 0) !== 0;
  const timeouts: Record<string, number> = {};
  for (const [name, fallback] of Object.entries(TIMEOUT_DEFAULTS)) timeouts[name] = number(name, fallback);
  const buckets = Math.max(1, number("buckets", SYSCTLS.buckets));
  return {
    max: number("max", SYSCTLS.max),
    buckets,
    expectMax: number("expect_max", Math.max(1, Math.floor(buckets / BUCKETS_PER_EXPECTATION_BUCKET)) * EXPECTATIONS_PER_BUCKET),
    timestamp: flag("timestamp", SYSCTLS.timestamp),
    acct: flag("acct", SYSCTLS.acct),
    checksum: flag("checksum", SYSCTLS.checksum),
    tcpLoose: flag("tcp_loose", SYSCTLS.tcpLoose),
    tcpBeLiberal: flag("tcp_be_liberal", SYSCTLS.tcpBeLiberal),
    tcpMaxRetrans: number("tcp_max_retrans", SYSCTLS.tcpMaxRetrans),
    tcpIgnoreInvalidRst: flag("tcp_ignore_invalid_rst", SYSCTLS.tcpIgnoreInvalidRst),
    timeouts: timeouts as Record<TimeoutName, number>,
  };
}
