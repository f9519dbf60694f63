import { addressRange, protocolText } from "../analysis/names/index.ts";
import type { ServiceMatrix } from "../analysis/policy/index.ts";
import { printAddress } from "../packet/index.ts";
import type { Json } from "./trace-json.ts";

/**
 * Matrices in the form that fffuu prints: a heading, a line for each class with its addresses, then the edges (client, server), one in a line.
 */
export function matrixText(matrices: readonly ServiceMatrix[]): string {
  return matrices
    .map(({ protocol, sourcePort, port, classes, edges }) => {
      const heading = `=========== ${protocolText(protocol).toUpperCase()} port ${sourcePort}->${port} =========`;
      const lines = classes.map(
        ({ id, ranges }) =>
          `${id} |-> ${ranges.map(([low, high]) => (low === high ? printAddress(low) : `{${printAddress(low)} .. ${printAddress(high)}}`)).join(" u ")}`,
      );
      return `${[heading, ...lines, "", ...edges.map(([client, server]) => `(${client},${server})`)].join("\n")}\n`;
    })
    .join("\n");
}

/** Matrices as JSON. */
export const matrixJson = (matrices: readonly ServiceMatrix[]): Json =>
  matrices.map(({ family, of, protocol, port, sourcePort, classes, edges }) => ({
    family,
    path: "path" in of ? of.path : null,
    chain: "chain" in of ? of.chain : null,
    protocol,
    port,
    sourcePort,
    classes: classes.map(({ id, ranges }) => ({ id, addresses: ranges.map(addressRange) })),
    edges,
  }));
