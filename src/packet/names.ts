import { TCP_FLAG } from "./tcp.ts";

/** TCP flags as iptables and the packet notation name them, in the order iptables-save writes them, with their bits. */
export const TCP_FLAG_NAMES: readonly (readonly [name: string, bit: number])[] = [
  ["FIN", TCP_FLAG.FIN],
  ["SYN", TCP_FLAG.SYN],
  ["RST", TCP_FLAG.RST],
  ["PSH", TCP_FLAG.PSH],
  ["ACK", TCP_FLAG.ACK],
  ["URG", TCP_FLAG.URG],
];

/** DSCP classes that iptables 1.8.9 knows, with their 6-bit values; CS0 and BE share one. */
export const DSCP_CLASSES: readonly (readonly [name: string, dscp: number])[] = [
  ["CS0", 0x00],
  ["CS1", 0x08],
  ["CS2", 0x10],
  ["CS3", 0x18],
  ["CS4", 0x20],
  ["CS5", 0x28],
  ["CS6", 0x30],
  ["CS7", 0x38],
  ["BE", 0x00],
  ["AF11", 0x0a],
  ["AF12", 0x0c],
  ["AF13", 0x0e],
  ["AF21", 0x12],
  ["AF22", 0x14],
  ["AF23", 0x16],
  ["AF31", 0x1a],
  ["AF32", 0x1c],
  ["AF33", 0x1e],
  ["AF41", 0x22],
  ["AF42", 0x24],
  ["AF43", 0x26],
  ["EF", 0x2e],
];

/** TOS values that iptables names; each goes with the mask 0x3f. */
export const TOS_NAMES: readonly (readonly [name: string, tos: number])[] = [
  ["Minimize-Delay", 0x10],
  ["Maximize-Throughput", 0x08],
  ["Maximize-Reliability", 0x04],
  ["Minimize-Cost", 0x02],
  ["Normal-Service", 0x00],
];
