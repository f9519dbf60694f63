import { all, among, firstFragment } from "../../predicate/index.ts";
import { loosePorts, someOf, type MatchType } from "../../xtables/index.ts";
import { listPort, lowerPort, portOptions, portTest, savePort, type PortTest } from "../port-test.ts";

/** Kernel: struct xt_udp. */
interface Udp {
  readonly source: PortTest;
  readonly destination: PortTest;
}

const UDP = 17;
/** Bytes of a UDP header. */
const HEADER = 8;

const grammar = someOf(portOptions(loosePorts));

/**
 * `-m udp`: ports of UDP. Kernel: xt_tcpudp.c, udp_mt. A later fragment does not match, inverted or not; a cut header is dropped at
 * once. For UDPLite the kernel has the same match, but iptables 1.8.9 cannot load it: use multiport.
 */
export const udp: MatchType<Udp> = {
  name: "udp",
  help: "Match ports of UDP.",
  protocols: [UDP],
  options: {
    options: grammar.options,
    parse(given, context) {
      const found = grammar.parse(given, context);
      return { source: portTest(found["source-port"]), destination: portTest(found["destination-port"]) };
    },
    save: ({ source, destination }) => [...savePort("sport", source), ...savePort("dport", destination)].join(" "),
  },
  lower: ({ source, destination }) => ({
    predicate: all(firstFragment, ...[lowerPort("sport", source), lowerPort("dport", destination)].filter(({ is }) => is !== "constant")),
    hotdrop: all(firstFragment, among("l4length", [0, HEADER - 1])),
  }),
  list: ({ source, destination }, listing) =>
    ["udp", ...listPort("spt", source, "udp", listing), ...listPort("dpt", destination, "udp", listing)].join(" "),
};
