/** Captures that questions need, made when they are asked for. */
import { buildFrame, encodeCapture, isNotationFault, LINK_TYPE, parseNotation, PcapngWriter, specToBytes } from "../../src/packet/index.ts";

/** A capture by its name; undefined for a name that is none. */
export function captureFor(name: string): Uint8Array | undefined {
  const frames = CAPTURES.get(name);
  return (
    frames &&
    encodeCapture(
      new PcapngWriter(),
      frames.map(({ packet, on, to }, index) => {
        const spec = parseNotation(packet);
        if (isNotationFault(spec)) throw new Error(spec.message);
        const frame = buildFrame(LINK_TYPE.ETHERNET, spec.family, specToBytes(spec), { sourceMac: FROM, destinationMac: to });
        if (frame === undefined) throw new Error("Ethernet carries it");
        return {
          time: 1_795_219_200_000_000_000n + BigInt(index) * 1_000_000_000n,
          linkType: LINK_TYPE.ETHERNET,
          frame,
          interfaceName: on,
        };
      }),
    )
  );
}

interface Frame {
  readonly packet: string;
  /** The interface that it was captured on. */
  readonly on: string;
  /** Hardware address that it is sent to. */
  readonly to: Uint8Array;
}

const FROM = Uint8Array.of(2, 0, 0, 0, 0, 5);

const CAPTURES: ReadonlyMap<string, readonly Frame[]> = new Map([
  // From one port of a bridge to a machine behind the other.
  ["u04.pcapng", [{ packet: "icmp 10.0.0.5 > 10.0.0.9 echo-request", on: "tap0", to: Uint8Array.of(2, 0, 0, 0, 0, 9) }]],
]);
