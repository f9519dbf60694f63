import { jhash2, reciprocalScale } from "../../conntrack/jhash.ts";
import { all, invertIf, opaque, present, type Opaque, type Value as FieldValue } from "../../predicate/index.ts";
import { bounded, finallyChecked, UsageError, type MatchType } from "../../xtables/index.ts";
import { swapped } from "../byte-order.ts";

/** Kernel: struct xt_cluster_match_info. */
interface Cluster {
  readonly nodes: number;
  /** One bit for each node. */
  readonly mask: number;
  readonly invert: boolean;
  readonly seed: number;
}

/** Kernel: XT_CLUSTER_NODES_MAX. */
const NODES_MAX = 32;

const spec = {
  "cluster-total-nodes": { value: bounded(1, NODES_MAX), required: true, help: "How many nodes the cluster has." },
  "cluster-local-node": {
    value: bounded(1, NODES_MAX),
    invert: true,
    excludes: ["cluster-local-nodemask"],
    help: "Number of this node, from 1.",
  },
  "cluster-local-nodemask": {
    value: bounded(1, NODES_MAX),
    invert: true,
    excludes: ["cluster-local-node"],
    help: "Nodes that this one stands for, one bit each.",
  },
  "cluster-hash-seed": { value: bounded(0, 0xffffffff), required: true, help: "Seed of the hash, the same on all nodes." },
} as const;

const hex = (value: number): string => `0x${value.toString(16).padStart(8, "0")}`;

/**
 * What is hashed of an address, as a little-endian kernel reads it out of the packet: of IPv6 the first 32 bits only, because the kernel takes the number
 * of an address's words for its bytes (NF_CT_TUPLE_L3SIZE).
 */
function wordOf(address: FieldValue): number {
  return swapped(typeof address === "bigint" ? Number(address >> 96n) : Number(address ?? 0));
}

/** Every node computes the same number from the source of the connection's first packet. Kernel: xt_cluster_hash. */
function step({ nodes, mask, seed }: Cluster, about: string): Opaque<undefined> {
  return {
    name: "cluster",
    about,
    depends: "history",
    start: () => undefined,
    step: (_, facts) => ((mask >>> reciprocalScale(jhash2([wordOf(facts.value("ctorigsrc"))], seed), nodes)) & 1) === 1,
  };
}

/**
 * `-m cluster`: connections that fall to this node of a cluster. Kernel: xt_cluster.c, xt_cluster_mt. Without a connection it does not match, inverted
 * or not. The kernel takes the source of a foreseen connection's master; here each connection has its own.
 */
export const cluster: MatchType<Cluster> = {
  name: "cluster",
  help: "Match connections that fall to this node of a cluster.",
  needs: () => ["conntrack"],
  options: {
    ...finallyChecked(spec, (found): Cluster => {
      const node = found["cluster-local-node"];
      const given = found["cluster-local-nodemask"];
      const nodes = found["cluster-total-nodes"]?.value ?? 0;
      const complete = nodes !== 0 && found["cluster-hash-seed"] !== undefined;
      if (!node && !given) throw new UsageError("cluster match: `--cluster-local-node' or`--cluster-local-nodemask' is missing");
      const mask = node ? (1 << (node.value - 1)) >>> 0 : (given?.value ?? 0);
      if (complete && node && node.value > nodes)
        throw new UsageError("cluster match: `--cluster-local-node' must be <= `--cluster-total-nodes'");
      if (complete && mask >= 2 ** nodes)
        throw new UsageError("cluster match: `--cluster-local-nodemask' too big for `--cluster-total-nodes'");
      return { nodes, mask, invert: (node ?? given)?.invert ?? false, seed: found["cluster-hash-seed"]?.value ?? 0 };
    }),
    save: ({ nodes, mask, invert, seed }) =>
      `${invert ? "! " : ""}--cluster-local-nodemask ${hex(mask)} --cluster-total-nodes ${nodes} --cluster-hash-seed ${hex(seed)}`,
  },
  lower: info => ({ predicate: all(present("ctorigsrc"), invertIf(info.invert, opaque(step(info, list(info))))) }),
  list,
};

function list({ nodes, mask, invert, seed }: Cluster): string {
  return `cluster ${invert ? "!" : ""}node_mask=${hex(mask)} total_nodes=${nodes} hash_seed=${hex(seed)}`;
}
