import type { Interface } from "../host/index.ts";
import { settle } from "./ending.ts";
import type { Journey } from "./journey.ts";
import type { Machine } from "./machine.ts";
import type { Packet } from "./packet.ts";

/** Puts a frame on a bridge's port. */
export function transmit(packet: Packet, bytes: Uint8Array, port: Interface, journey: Journey): void {
  const device = port.bridge ?? port.name;
  journey.events?.push({ event: "emitted", device, bytes: bytes.slice() });
  journey.emitted.push({ interface: device, port: port.name, bytes: bytes.slice(), kind: packet.kind });
  settle(journey, packet, { end: "forwarded", interface: device });
}

/** Puts a frame that the kernel made on the port that another came in on, past every hook: what REJECT does with resets of bridged packets. */
export function sendToPort(machine: Machine, about: Packet, answer: Packet, journey: Journey): boolean {
  const port = about.physin === undefined ? undefined : machine.router.interfaces.get(about.physin);
  if (port === undefined) return false;
  transmit(answer, answer.bytes, port, journey);
  return true;
}
