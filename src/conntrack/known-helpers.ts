import { PROTOCOL } from "../packet/index.ts";

/** What rules need to know of a tracking helper; what it does stands in helpers/. */
export interface KnownHelper {
  readonly name: string;
  readonly families: readonly (4 | 6)[];
  /** Transport protocol number. */
  readonly protocol: number;
}

const BOTH = [4, 6] as const;

/** Every helper of Linux 6.18, apart from the code of the helpers, so that reading rules does not need that. */
export const KNOWN_HELPERS: readonly KnownHelper[] = [
  { name: "ftp", families: BOTH, protocol: PROTOCOL.TCP },
  { name: "tftp", families: BOTH, protocol: PROTOCOL.UDP },
  { name: "irc", families: [4], protocol: PROTOCOL.TCP },
  { name: "sip", families: BOTH, protocol: PROTOCOL.UDP },
  { name: "sip", families: BOTH, protocol: PROTOCOL.TCP },
  { name: "pptp", families: [4], protocol: PROTOCOL.TCP },
  { name: "amanda", families: BOTH, protocol: PROTOCOL.UDP },
  { name: "netbios-ns", families: [4], protocol: PROTOCOL.UDP },
  { name: "snmp", families: [4], protocol: PROTOCOL.UDP },
  { name: "snmp_trap", families: [4], protocol: PROTOCOL.UDP },
  { name: "sane", families: BOTH, protocol: PROTOCOL.TCP },
  { name: "Q.931", families: BOTH, protocol: PROTOCOL.TCP },
  { name: "RAS", families: BOTH, protocol: PROTOCOL.UDP },
  { name: "H.245", families: BOTH, protocol: PROTOCOL.UDP },
];

/** Is there a helper of that name for a family and protocol? */
export function isHelper(name: string, family: 4 | 6, protocol: number): boolean {
  return KNOWN_HELPERS.some(helper => helper.name === name && helper.protocol === protocol && helper.families.includes(family));
}
