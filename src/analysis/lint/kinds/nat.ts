import type { FindingKind } from "../kind.ts";

/** Findings about address translation. */
export const NAT_KINDS: readonly FindingKind[] = [
  {
    code: "F08",
    title: "DNAT that leads nowhere",
    severity: "error",
    why: "Packets are sent to a new destination, and nothing lets them through to it: FORWARD refuses them, or the machine does not forward. FORWARD sees the packet as DNAT has made it, so a rule there must name the new port and address.",
    example: [
      "-t nat -A PREROUTING -p tcp -m tcp --dport 8080 -j DNAT --to-destination 192.0.2.80:80",
      ":FORWARD DROP [0:0]",
      "-A FORWARD -d 192.0.2.80/32 -p tcp -m tcp --dport 8080 -j ACCEPT",
    ],
    mend: "Accept the new destination in FORWARD (--dport 80 here), or everything that was translated: -m conntrack --ctstate DNAT.",
  },
  {
    code: "F09",
    title: "DNAT around a filter",
    severity: "warning",
    why: "INPUT refuses a service, but nat PREROUTING diverts its packets before INPUT is asked, and at their new destination they are accepted.",
    example: [
      "-t nat -A PREROUTING -p tcp -m tcp --dport 3306 -j DNAT --to-destination 172.17.0.2:3306",
      "-A INPUT -p tcp -m tcp --dport 3306 -j DROP",
      "-A FORWARD -d 172.17.0.2/32 -j ACCEPT",
    ],
    mend: "Refuse it in FORWARD, with the translated destination (where Docker is in use: in DOCKER-USER).",
  },
  {
    code: "F10",
    title: "hairpin without SNAT",
    severity: "warning",
    why: "A client in the same network as the DNAT's target asks for the public address. The target answers the client directly, past the machine that translated, and the client throws the answer away.",
    example: [
      "-t nat -A PREROUTING -p tcp -m tcp --dport 80 -j DNAT --to-destination 192.168.1.80",
      "-t nat -A POSTROUTING -s 192.168.1.0/24 -o wan0 -j MASQUERADE",
    ],
    mend: "Translate the source too for such packets: -t nat -A POSTROUTING -s 192.168.1.0/24 -d 192.168.1.80/32 -j MASQUERADE; or bind the DNAT to the outside with -i.",
  },
  {
    code: "F11",
    title: "source NAT for every interface",
    severity: "warning",
    why: "A SNAT or MASQUERADE without an output interface translates whatever leaves: traffic between inner networks, to VPNs, and with an address of this machine also what goes over loopback. Servers inside then see one client only.",
    example: ["-t nat -A POSTROUTING -j MASQUERADE"],
    mend: "Name the outside: -o wan0.",
  },
];
