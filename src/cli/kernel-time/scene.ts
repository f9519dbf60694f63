import type { Family } from "../../predicate/index.ts";

/** What the script that measures has in its folder. */
export const FILES = {
  burst: "burst.pl",
  frames: "frames",
  sets: "sets",
  before: "before.rules",
  after: "after.rules",
} as const;

/** The wire that frames are put on; its other end has the name that rules ask for. */
export const WIRE = "ferrule-wire";

/** Where forwarded packets end. */
const SINK = "ferrule-sink";

/** How often and how long is measured. */
export interface Pace {
  readonly rounds: number;
  /** Of one burst. */
  readonly seconds: number;
}

/**
 * The shell script that runs in a network namespace of its own, in the folder with the files: a wire whose end takes every address for its own
 * (INPUT) or sends all on to a wire that nobody listens at (FORWARD), then in turns no rules, the old and the new ones, and a burst through each. Each burst is a line
 * `WHAT PACKETS NANOSECONDS FAILED`, and before all the tool's version. Names of interfaces must be such that the shell takes them as they are.
 */
export function sceneScript(family: Family, path: "INPUT" | "FORWARD", input: string, output: string, { rounds, seconds }: Pace): string {
  const ip = family === 4 ? "ip" : "ip -6";
  const restore = family === 4 ? "iptables-restore" : "ip6tables-restore";
  const tables = family === 4 ? "iptables" : "ip6tables";
  const route =
    path === "INPUT"
      ? [`${ip} route add local default dev lo`]
      : [
          `ip link add ${output} type veth peer name ${SINK}`,
          `ip link set ${output} arp off up`,
          `ip link set ${SINK} up`,
          `${ip} route add default dev ${output}`,
        ];
  // What arrives here is not to be answered: the answer would cost more than the rules.
  const silence = path === "INPUT" ? `${tables} -t security -A INPUT -j DROP` : ":";
  const setting = (name: string, value: number): string => `echo ${value} > /proc/sys/net/${name} 2>/dev/null || :`;
  return `${[
    "set -e",
    `echo "version 0 0 0 $(${restore} -V)"`,
    "ip link set lo up",
    `ip link add ${WIRE} type veth peer name ${input}`,
    setting("ipv4/conf/all/rp_filter", 0),
    setting("ipv4/conf/default/rp_filter", 0),
    setting(`ipv4/conf/${input}/rp_filter`, 0),
    setting(`ipv4/conf/${input}/accept_local`, 1),
    setting("ipv4/ip_forward", 1),
    setting("ipv6/conf/all/forwarding", 1),
    ...[WIRE, input].map(name => setting(`ipv6/conf/${name}/accept_dad`, 0)),
    `ip link set ${input} address 02:00:00:00:00:02`,
    `ip link set ${WIRE} up`,
    `ip link set ${input} up`,
    ...route,
    `[ ! -s ${FILES.sets} ] || ipset restore < ${FILES.sets}`,
    `clear() { for table in raw mangle nat filter security; do ${tables} -t $table -F 2>/dev/null || :; ${tables} -t $table -X 2>/dev/null || :; done; for chain in INPUT FORWARD OUTPUT; do ${tables} -P $chain ACCEPT; done; }`,
    `burst() { echo "$1 $(perl ${FILES.burst} $wire ${seconds} ${FILES.frames})"; }`,
    `wire=$(ip -o link show ${WIRE} | cut -d: -f1)`,
    "round=0",
    `while [ $round -lt ${rounds} ]; do`,
    `  clear; ${silence}; burst bare`,
    `  for which in before after; do clear; ${restore} < $which.rules; ${silence}; burst $which; done`,
    "  round=$((round + 1))",
    "done",
  ].join("\n")}\n`;
}
