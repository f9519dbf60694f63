/** Ferrule: netfilter/iptables in TypeScript. Each room is also importable by itself: `ferrule/packet`, `ferrule/engine` … */
export type { Ruleset } from "./ruleset/index.ts";
