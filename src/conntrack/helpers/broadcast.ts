import { PROTOCOL } from "../../packet/index.ts";
import { EXPECT_FLAG, type Expectation } from "../expectation.ts";
import type { Helper, Sight } from "../helper.ts";

/** A helper of a UDP service that local programs ask by broadcast: whoever of the network answers is expected (nf_conntrack_broadcast.c). */
export const broadcast = (
  name: string,
  port: number,
  timeout: "netbiosTimeout" | "snmpTimeout",
  andThen: (sight: Sight) => "accept" | "drop" = () => "accept",
): Helper => ({
  name,
  families: [4],
  protocol: PROTOCOL.UDP,
  port,
  policies: settings => [{ name, most: 1, seconds: settings[timeout] }],
  watch: settings => ({
    help(sight) {
      foresee(sight, port, settings[timeout]);
      return andThen(sight);
    },
  }),
});

/** NetBIOS name service (nf_conntrack_netbios_ns.c). */
export const netbiosNs: Helper = broadcast("netbios-ns", 137, "netbiosTimeout");

function foresee({ connection, direction, tracker, place, now }: Sight, port: number, seconds: number): void {
  const { broadcastMask } = place;
  if (broadcastMask === undefined || broadcastMask === 0 || direction !== 0) return;
  const foreseen: Expectation = {
    master: connection,
    class: 0,
    tuple: { ...connection.tuples[1], sourcePort: port },
    mask: { source: broadcastMask, sourcePort: 0xffff },
    flags: EXPECT_FLAG.PERMANENT,
    deadline: 0,
    helper: undefined,
    direction: 0,
    savedAddress: 0,
    savedPort: 0,
    arrive: undefined,
  };
  tracker.expectations.enter(foreseen, now);
  tracker.refresh(connection, seconds, now);
}
