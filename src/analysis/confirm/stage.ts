import { assumeHost, Router, type Host, type Passenger } from "../../host/index.ts";
import type { PacketSpec } from "../../packet/index.ts";
import type { Scalar } from "../../predicate/index.ts";
import type { Path } from "../witness.ts";

/**
 * The packet as it sets out on its path: a packet of this machine has no input interface, one from the wire has one. Interfaces that the
 * witness leaves open are those of the host that lead to its ends.
 */
export function setOut(spec: PacketSpec, path: Path, host: Host | undefined): PacketSpec {
  const { in: input, out: output, ...rest } = spec;
  switch (path) {
    case "local":
      return rest;
    case "out":
      return { ...rest, ...(output !== undefined && { out: output }) };
    case "in":
      return { ...rest, in: input ?? spec.physin ?? entryOf(spec, host) };
    case "forward":
      return { ...rest, in: input ?? spec.physin ?? entryOf(spec, host), ...(output !== undefined && { out: output }) };
  }
}

/** The interface that a packet from there comes in on. */
function entryOf({ family, source }: PacketSpec, host: Host | undefined): string {
  if (host === undefined) return FIRST;
  const route = new Router(host).output({ family, source: undefined, destination: source.address, mark: 0, tos: 0 });
  if (route.to === "device" && route.device.link !== "loopback") return route.device.name;
  return host.interfaces.find(({ link }) => link !== "loopback")?.name ?? "lo";
}

const FIRST = "eth0";
const SECOND = "eth1";

/**
 * A machine that the packet takes the path through, for rules without one. `destinations`: what its destination may turn into; `own`: before that
 * it is an address of the machine.
 */
export function stageFor(spec: PacketSpec, path: Path, destinations: readonly Scalar[], own = false): Host {
  const { family, source } = spec;
  const first = spec.destination.address;
  const mine: readonly Passenger[] = own
    ? [{ family, source: source.address, destination: first, in: spec.physin ?? spec.in ?? FIRST }]
    : passengers(spec, path, first);
  return assumeHost([], [...mine, ...destinations.flatMap(destination => passengers(spec, path, destination))]);
}

function passengers(spec: PacketSpec, path: Path, destination: Scalar): readonly Passenger[] {
  const { family } = spec;
  const source = spec.source.address;
  const input = spec.physin ?? spec.in ?? FIRST;
  switch (path) {
    case "in":
      return [{ family, source, destination, in: input }];
    case "out":
      return [{ family, source, destination, out: spec.out ?? FIRST }];
    case "forward":
      return [{ family, source, destination, in: input, out: spec.out ?? (input === SECOND ? FIRST : SECOND) }];
    case "local":
      // Both ends are this machine's.
      return [
        { family, source, destination, in: FIRST },
        { family, source: destination, destination: source, in: FIRST },
      ];
  }
}
