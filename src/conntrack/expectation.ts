import type { Direction } from "./direction.ts";
import type { Connection } from "./connection.ts";
import type { Address, Tuple } from "./tuple.ts";

/** Bits of `Expectation.flags` (NF_CT_EXPECT_*, nf_conntrack_common.h). */
export const EXPECT_FLAG = { PERMANENT: 1, INACTIVE: 2, USERSPACE: 4 } as const;

/** Which bits of a source must agree; the destination always does in full (struct nf_conntrack_tuple_mask). */
export interface SourceMask {
  readonly source: Address;
  readonly sourcePort: number;
}

/** A connection that a helper foresees (struct nf_conntrack_expect). */
export interface Expectation {
  readonly master: Connection;
  /** Index of the helper's policy that limits it. */
  readonly class: number;
  /** What its first packet must look like, under `mask`. */
  tuple: Tuple;
  readonly mask: SourceMask;
  /** Bits of EXPECT_FLAG. */
  flags: number;
  /** µs; set when it is entered. */
  deadline: number;
  /** Name of the new connection's helper. */
  readonly helper: string | undefined;
  /** NAT: the direction of the master in which the new connection will go. */
  direction: Direction;
  /** NAT: the destination that the message named, before it was rewritten. */
  savedAddress: Address;
  savedPort: number;
  /** Called for the new connection before it is tracked (expectfn). */
  arrive: ((connection: Connection, expectation: Expectation) => void) | undefined;
}

/** What a helper says of a connection that it foresees; without a source or a source port, any will do. */
export interface Foreseen {
  readonly class?: number;
  readonly protocol: number;
  readonly source?: Address | undefined;
  readonly sourcePort?: number | undefined;
  readonly destination: Address;
  readonly destinationPort: number;
  readonly flags?: number;
  readonly helper?: string | undefined;
  readonly arrive?: Expectation["arrive"];
}

const ALL_BITS = { 4: 0xffffffff, 6: (1n << 128n) - 1n } as const;
const NO_BITS = { 4: 0, 6: 0n } as const;

/** An expectation that is not entered yet (nf_conntrack_expect.c, nf_ct_expect_init). */
export function expectation(master: Connection, foreseen: Foreseen): Expectation {
  const { family } = master.tuples[0];
  const { protocol, source, sourcePort, destination, destinationPort } = foreseen;
  return {
    master,
    class: foreseen.class ?? 0,
    tuple: { family, protocol, source: source ?? NO_BITS[family], sourcePort: sourcePort ?? 0, destination, destinationPort },
    mask: { source: (source === undefined ? NO_BITS : ALL_BITS)[family], sourcePort: sourcePort === undefined ? 0 : 0xffff },
    flags: foreseen.flags ?? 0,
    deadline: 0,
    helper: foreseen.helper,
    direction: 0,
    savedAddress: NO_BITS[family],
    savedPort: 0,
    arrive: foreseen.arrive,
  };
}

/** Are two tuples the same under a mask on their sources (nf_ct_tuple_mask_cmp)? */
export function agree(a: Tuple, b: Tuple, { source, sourcePort }: SourceMask): boolean {
  return (
    a.family === b.family &&
    a.protocol === b.protocol &&
    a.destination === b.destination &&
    a.destinationPort === b.destinationPort &&
    ((a.sourcePort ^ b.sourcePort) & sourcePort) === 0 &&
    masked(a.source, source) === masked(b.source, source)
  );
}

/** The mask under which two expectations are compared: what both ask for. */
export function bothMasks(a: SourceMask, b: SourceMask): SourceMask {
  return { source: masked(a.source, b.source), sourcePort: a.sourcePort & b.sourcePort };
}

function masked(address: Address, mask: Address): Address {
  return typeof address === "bigint" ? address & BigInt(mask) : (address & Number(mask)) >>> 0;
}
