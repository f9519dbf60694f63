import { PROTOCOL } from "../../packet/index.ts";
import type { Helper } from "../helper.ts";
import { amanda } from "./amanda.ts";
import { netbiosNs } from "./broadcast.ts";
import { ftp } from "./ftp.ts";
import { irc } from "./irc.ts";
import { pptp } from "./pptp.ts";
import { sane } from "./sane.ts";
import { sipTcp, sipUdp } from "./sip/index.ts";
import { snmp, snmpTrap } from "./snmp.ts";
import { tftp } from "./tftp.ts";

/** A helper of H.323, which rules may name but which reads nothing here. */
const silent = (name: string, protocol: number, port: number, families: readonly (4 | 6)[]): Helper => ({
  name,
  families,
  protocol,
  port,
  policies: () => [],
  watch: () => ({ help: () => "accept" }),
});

/** The helpers of Linux 6.18. */
export const HELPERS: readonly Helper[] = [
  ftp,
  tftp,
  irc,
  sipUdp,
  sipTcp,
  pptp,
  amanda,
  netbiosNs,
  snmp,
  snmpTrap,
  sane,
  silent("Q.931", PROTOCOL.TCP, 1720, [4, 6]),
  silent("RAS", PROTOCOL.UDP, 1719, [4, 6]),
  silent("H.245", PROTOCOL.UDP, 0, [4, 6]),
];

/** The helper that a rule names for a family and protocol (nf_conntrack_helper.c, __nf_conntrack_helper_find). */
export function helperNamed(name: string, family: 4 | 6, protocol: number): Helper | undefined {
  return HELPERS.find(helper => helper.name === name && helper.protocol === protocol && helper.families.includes(family));
}
