import { sysctl, type Interface } from "../host/index.ts";
import { dissect, isFault, type Circumstances } from "../packet/index.ts";
import { receiveBridged } from "./bridge.ts";
import { receive } from "./input.ts";
import type { Journey } from "./journey.ts";
import type { Machine } from "./machine.ts";
import { Packet } from "./packet.ts";

/** A packet from the wire. */
export interface Received {
  /** From the IP header on; link padding behind it is cut off. */
  readonly bytes: Uint8Array;
  /** Name of the interface. A port of a bridge stands for the bridge, with itself as the physical interface. */
  readonly in: string;
  /** Source hardware address as a 48-bit number. */
  readonly mac?: number | undefined;
  /** Destination hardware address as a 48-bit number: where a bridge takes the frame. This machine's own unless said. */
  readonly destinationMac?: number | undefined;
  /** The frame's own header, for LOG, and for both addresses where they are not given apart. */
  readonly linkHeader?: Uint8Array | undefined;
  /** Link-layer packet type (host 0, broadcast 1, multicast 2, otherhost 3). */
  readonly pkttype?: number | undefined;
  readonly mark?: number | undefined;
  /** A value of CT_STATE to suppose instead of asking connection tracking. */
  readonly supposed?: number | undefined;
  /** What is around it: its processor, its control group, IPsec … */
  readonly around?: Circumstances | undefined;
}

/** Takes a packet off the wire, through the bridge where the interface is a port of one. */
export function arrive(machine: Machine, given: Received, journey: Journey): void {
  journey.events?.push({ event: "packet", from: "wire", in: given.in, bytes: given.bytes.slice() });
  const layout = dissect(given.bytes);
  const port = machine.router.interfaces.get(given.in);
  const fault = isFault(layout)
    ? layout.fault
    : port === undefined
      ? `no interface ${given.in}`
      : port.up
        ? undefined
        : `the interface ${given.in} is down`;
  if (fault !== undefined || isFault(layout) || port === undefined) {
    const reason = fault ?? "no packet";
    journey.events?.push({ event: "dropped", reason });
    journey.end = { end: "dropped", reason, decidedBy: undefined };
    return;
  }
  journey.protocol = layout.protocol;
  const bridge = port.bridge === undefined ? undefined : machine.router.interfaces.get(port.bridge);
  const filters =
    sysctl(machine.host, layout.family === 4 ? "net.bridge.bridge-nf-call-iptables" : "net.bridge.bridge-nf-call-ip6tables") !== 0;
  const packet = new Packet(given.bytes.slice(0, layout.totalLength), layout, machine.router, journey.moment.now, {
    in: bridge ?? port,
    physin: bridge && filters ? port.name : undefined,
    mac: given.mac ?? macAt(given.linkHeader, 6, port),
    linkHeader: given.linkHeader,
    pkttype: given.pkttype,
    mark: given.mark,
    supposed: given.supposed,
    around: given.around,
    tracker: machine.tracker,
  });
  const destination = given.destinationMac ?? macAt(given.linkHeader, 0, port);
  if (bridge === undefined || destination === undefined) receive(machine, packet, journey);
  else receiveBridged(machine, packet, { bridge, port, destination, filters }, journey);
}

/** An address in an Ethernet header. */
function macAt(header: Uint8Array | undefined, at: number, device: Interface): number | undefined {
  if (header === undefined || header.length < 14 || device.link !== "ethernet") return undefined;
  let mac = 0;
  for (const byte of header.subarray(at, at + 6)) mac = mac * 256 + byte;
  return mac;
}
