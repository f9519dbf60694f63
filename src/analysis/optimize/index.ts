/** Fewer rules tested for each packet, and the same meaning. */
export { safelyOptimized, type Safe, type Wish } from "./safe.ts";
export { optimized, ruleCosts } from "./optimize.ts";
export type { Change, CostChange, Obstacle, Optimized, OptimizeOptions } from "./optimized.ts";
export type { Cost } from "./cost.ts";
export { packetMix, type PacketMix } from "./packet-mix.ts";
export { proven, type Disagreement, type Proof, type ProofScene } from "./proof.ts";
export { printMadeSets, type MadeSet } from "./set-maker.ts";
export { ASSUMED_ESTABLISHED } from "./traffic.ts";
