import { confOf, selectAddress4, type InputRoute } from "../host/index.ts";
import { setU32, u32, u8 } from "../packet/index.ts";
import { dropped } from "./ending.ts";
import { icmpError } from "./icmp-error.ts";
import type { Journey } from "./journey.ts";
import type { Machine } from "./machine.ts";
import type { Packet } from "./packet.ts";

const END = 0;
const NOOP = 1;
const RECORD_ROUTE = 7;
const TIMESTAMP = 68;
const LOOSE_ROUTE = 131;
const STRICT_ROUTE = 137;
const ROUTER_ALERT = 148;

/** What timestamps hold: the time alone, with the address of whoever stamps, or only of listed addresses. */
const STAMP = { TIME: 0, ADDRESS: 1, LISTED: 3 } as const;

/** Where the options that a router writes into were found. */
interface Options {
  recordRoute: number;
  timestamp: number;
  sourceRoute: number;
  /** Offset of the byte that is wrong, -1 when none is. */
  fault: number;
}

/**
 * Reads and fills in IPv4 options once the route is known, as ip_rcv_options does; false when the packet is dropped for them.
 * Kernel: ip_input.c, ip_rcv_options; ip_options.c, __ip_options_compile. CIPSO labels are not looked into.
 */
export function optionsPass(machine: Machine, packet: Packet, journey: Journey): boolean {
  if (packet.family !== 4 || packet.layout.headerLength <= 20) return true;
  const options = compileOptions(machine, packet, journey.moment.now);
  if (options.fault >= 0) {
    icmpError(machine, packet, { type: 12, code: 0, info: options.fault * 0x1000000 }, journey, "icmp-parameter-problem");
    dropped("an IPv4 option is malformed", packet, journey);
    return false;
  }
  if (options.sourceRoute < 0) return true;
  if (packet.in === undefined || confOf(machine.host, "accept_source_route", packet.in.name) === 0) {
    dropped("source routes are not accepted (accept_source_route is 0)", packet, journey);
    return false;
  }
  return sourceRoutePasses(machine, packet, options.sourceRoute, journey);
}

/** Kernel: ip_options.c, ip_options_rcv_srr. A source route that has this machine as a stop is not followed. */
function sourceRoutePasses(machine: Machine, packet: Packet, at: number, journey: Journey): boolean {
  const strict = u8(packet.bytes, at) === STRICT_ROUTE;
  if (packet.destinedTo === "unicast" && !strict) return true;
  if (packet.destinedTo === "local" && u8(packet.bytes, at + 2) > u8(packet.bytes, at + 1)) return true;
  if (packet.destinedTo === "unicast")
    icmpError(machine, packet, { type: 12, code: 0, info: 0x10000000 }, journey, "icmp-parameter-problem");
  dropped("its source route cannot be followed", packet, journey);
  return false;
}

function compileOptions(machine: Machine, packet: Packet, now: number): Options {
  const { bytes } = packet;
  const end = packet.layout.headerLength;
  const found: Options = { recordRoute: -1, timestamp: -1, sourceRoute: -1, fault: -1 };
  let at = 20;
  while (at < end && found.fault < 0) {
    const kind = u8(bytes, at);
    if (kind === END) {
      packet.optionsChanged ||= bytes.subarray(at, end).some(byte => byte !== END);
      bytes.fill(END, at, end);
      break;
    }
    if (kind === NOOP) {
      at++;
      continue;
    }
    const length = at + 2 > end ? 0 : u8(bytes, at + 1);
    if (length < 2 || at + length > end) {
      found.fault = at;
      break;
    }
    switch (kind) {
      case LOOSE_ROUTE:
      case STRICT_ROUTE:
        if (length < 3) found.fault = at + 1;
        else if (u8(bytes, at + 2) < 4) found.fault = at + 2;
        else if (found.sourceRoute >= 0) found.fault = at;
        else found.sourceRoute = at;
        break;
      case RECORD_ROUTE:
        found.fault = compileRecord(machine, packet, at, length, found);
        break;
      case TIMESTAMP:
        found.fault = compileTimestamp(machine, packet, at, length, found, now);
        break;
      case ROUTER_ALERT:
        if (length < 4) found.fault = at + 1;
        break;
      default:
        break;
    }
    at += length;
  }
  return found;
}

/** The offset of the fault, -1 for none. */
function compileRecord(machine: Machine, packet: Packet, at: number, length: number, found: Options): number {
  const { bytes } = packet;
  if (found.recordRoute >= 0) return at;
  if (length < 3) return at + 1;
  const pointer = u8(bytes, at + 2);
  if (pointer < 4) return at + 2;
  if (pointer <= length) {
    if (pointer + 3 > length) return at + 2;
    setU32(bytes, at + pointer - 1, ownAddress(machine, packet));
    bytes[at + 2] = pointer + 4;
    packet.recordsRoute = at;
    packet.optionsChanged = true;
  }
  found.recordRoute = at;
  return -1;
}

/** The offset of the fault, -1 for none. */
function compileTimestamp(machine: Machine, packet: Packet, at: number, length: number, found: Options, now: number): number {
  const { bytes } = packet;
  if (found.timestamp >= 0) return at;
  if (length < 4) return at + 1;
  const pointer = u8(bytes, at + 2);
  if (pointer < 5) return at + 2;
  found.timestamp = at;
  packet.optionsChanged = true;
  const flag = u8(bytes, at + 3) & 15;
  if (pointer > length) {
    if (flag === STAMP.LISTED) return -1;
    const overflow = u8(bytes, at + 3) >> 4;
    if (overflow === 15) return at + 3;
    bytes[at + 3] = ((overflow + 1) << 4) | flag;
    return -1;
  }
  if (pointer + 3 > length) return at + 2;
  const slot = at + pointer - 1;
  const time = Math.floor(now / 1000) % 86_400_000;
  switch (flag) {
    case STAMP.TIME:
      setU32(bytes, slot, time);
      bytes[at + 2] = pointer + 4;
      return -1;
    case STAMP.ADDRESS:
      if (pointer + 7 > length) return at + 2;
      setU32(bytes, slot, ownAddress(machine, packet));
      setU32(bytes, slot + 4, time);
      bytes[at + 2] = pointer + 8;
      packet.stampsAddress = at;
      return -1;
    case STAMP.LISTED:
      if (pointer + 7 > length) return at + 2;
      if (machine.router.isLocal(4, u32(bytes, slot))) {
        setU32(bytes, slot + 4, time);
        bytes[at + 2] = pointer + 8;
      }
      return -1;
    default:
      return -1;
  }
}

/** The address that this machine writes of itself. Kernel: fib_frontend.c, fib_compute_spec_dst. */
function ownAddress(machine: Machine, packet: Packet): number {
  if (packet.destinedTo === "local") return packet.daddr4;
  const route = machine.router.output({ family: 4, source: undefined, destination: packet.saddr4, mark: 0, tos: 0 });
  return route.to === "device"
    ? Number(route.source)
    : ((packet.in && selectAddress4(machine.host, packet.in, packet.saddr4, "link")) ?? 0);
}

/** Puts the address of the way out where the options have this machine's. Kernel: ip_options.c, ip_forward_options. */
export function forwardOptions(machine: Machine, packet: Packet, route: Extract<InputRoute, { to: "forward" }>): void {
  const { bytes, recordsRoute, stampsAddress } = packet;
  // The header checksum is made good here only: what is delivered locally keeps the old one.
  if (!packet.optionsChanged) return;
  const address = selectAddress4(machine.host, route.device, Number(route.gateway ?? packet.daddr4)) ?? 0;
  if (recordsRoute >= 0) setU32(bytes, recordsRoute + u8(bytes, recordsRoute + 2) - 5, address);
  if (stampsAddress >= 0) setU32(bytes, stampsAddress + u8(bytes, stampsAddress + 2) - 9, address);
  packet.sealHeader();
}
