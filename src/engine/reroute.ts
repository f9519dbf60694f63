import type { Journey } from "./journey.ts";
import type { Machine } from "./machine.ts";
import type { Packet } from "./packet.ts";

/**
 * Asks the route of an outgoing packet again, after something that routing looks at has changed. The hook that runs goes on with the
 * old interface; POSTROUTING sees the new one. False when there is no route now. Kernel: netfilter.c, ip_route_me_harder and ip6_route_me_harder.
 */
export function reroute(machine: Machine, packet: Packet, journey: Journey): boolean {
  const { router } = machine;
  const { family, source, destination, mark } = packet;
  const tos = packet.value("tos");
  const route = router.output({ family, source, destination, mark, tos: typeof tos === "number" ? tos : 0 });
  if (route.to === "error") {
    journey.reason = `no route after the packet was changed (${route.error})`;
    journey.decision = undefined;
    journey.errno = route.error;
    return false;
  }
  packet.route = route;
  packet.realm = route.realm;
  journey.events?.push({
    event: "route",
    decision: "output",
    device: route.device.name,
    gateway: route.gateway,
    reason: "asked again, because the packet was changed",
  });
  return true;
}
