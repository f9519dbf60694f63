import { CT_INFO } from "../conntrack/index.ts";
import { isMulticast } from "../host/index.ts";
import type { Scalar } from "../predicate/index.ts";
import { aside, type Journey } from "./journey.ts";
import type { Machine } from "./machine.ts";
import { sendOut } from "./output.ts";
import type { Packet } from "./packet.ts";

/**
 * Sends a copy of the packet to a gateway: untracked, routed anew, through OUTPUT and POSTROUTING as if this machine had made it. A copy is not
 * copied again. Kernel: xt_TEE.c, tee_tg4; nf_dup_ipv4.c, nf_dup_ipv4; nf_dup_ipv6.c, nf_dup_ipv6.
 */
export function sendCopy(machine: Machine, packet: Packet, gateway: Scalar, device: string | undefined, journey: Journey): void {
  if (journey.copying) return;
  const copy = packet.copy();
  copy.connection = undefined;
  copy.info = CT_INFO.UNTRACKED;
  copy.template = undefined;
  copy.answer = true;
  copy.clone = true;
  copy.socket = false;
  copy.uid = undefined;
  copy.gid = undefined;
  copy.enteredBy = packet.cameIn ?? packet.in;
  copy.cameIn = undefined;
  copy.pieces = undefined;
  copy.looped = false;
  const hops = copy.family === 4 ? 8 : 7;
  if (copy.family === 4) {
    copy.bytes[6] = (copy.bytes[6] as number) | DONT_FRAGMENT;
    copy.layout = { ...copy.layout, dontFragment: true };
  }
  if (packet.hook === "PREROUTING" || packet.hook === "INPUT") copy.bytes[hops] = (copy.bytes[hops] as number) - 1;
  copy.sealHeader();
  journey.events?.push({ event: "copy", gateway, bytes: copy.bytes.slice() });
  const oif = device !== undefined && machine.router.interfaces.has(device) ? device : undefined;
  const tos = Number(copy.value("tos") ?? 0);
  const route = machine.router.output({ family: copy.family, source: undefined, destination: gateway, mark: 0, tos, oif });
  if (route.to === "error") {
    journey.events?.push({ event: "dropped", reason: `no route to the gateway (${route.error})` });
    return;
  }
  journey.copying = true;
  aside(journey, () => sendOut(machine, copy, { ...route, member: loops(machine, copy, route.device.name) }, journey));
  journey.copying = false;
}

/** IPv6 looks at the packet's own destination to give this machine a copy of a multicast, IPv4 at the route. Kernel: ip6_output.c, ip6_finish_output2. */
function loops(machine: Machine, { family, destination }: Packet, oif: string): boolean {
  if (family === 4 || !isMulticast(destination)) return false;
  const route = machine.router.output({ family, source: undefined, destination, mark: 0, tos: 0, oif });
  return route.to === "device" && route.member;
}

/** The DF bit in the first byte of an IPv4 header's fragment field. */
const DONT_FRAGMENT = 0x40;
