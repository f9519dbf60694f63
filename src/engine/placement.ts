import type { Host } from "../host/index.ts";
import type { PacketSpec } from "../packet/index.ts";

/** A word of a packet's text that the machine contradicts. */
export interface PlacementFault {
  readonly word: string;
  readonly message: string;
  /** What the machine would need. */
  readonly lacks: "interface" | "bridge port" | undefined;
}

/** Where a packet is said to come in or leave and the machine has no such place; undefined where all is well. */
export function placementFault({ interfaces }: Host, { in: input, out, physin, physout }: PacketSpec): PlacementFault | undefined {
  const names = interfaces.map(({ name }) => name).join(", ");
  for (const name of [input, out])
    if (name !== undefined && !interfaces.some(each => each.name === name))
      return { word: name, message: `the host has no interface ${name}: it has ${names}`, lacks: "interface" };
  if (physin !== undefined && !interfaces.some(({ name, bridge }) => name === physin && bridge !== undefined))
    return { word: physin, message: `the host has no bridge port ${physin}`, lacks: "bridge port" };
  if (physout !== undefined)
    return { word: physout, message: "the bridge port that a packet leaves by is computed: leave out physout", lacks: undefined };
  return undefined;
}
