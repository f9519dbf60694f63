import { printMac } from "../../packet/index.ts";
import { bounded, macAddress, someOf, UsageError, type TargetType, type Value } from "../../xtables/index.ts";
import { missingModule, warnOfMissingModule } from "../missing-module.ts";

const NODES_MAX = 16;
const U32_MAX = 0xffffffff;
/** The bit of an Ethernet address that makes it one of a group. */
const GROUP_BIT = 2 ** 40;

const MODES = ["sourceip", "sourceip-sourceport", "sourceip-sourceport-destport"] as const;
type Mode = (typeof MODES)[number];

const mode: Value<Mode> = {
  shape: "mode",
  words: MODES,
  parse(text) {
    const found = MODES.find(each => each === text);
    if (!found) throw new UsageError(`Unknown hashmode "${text}"`);
    return found;
  },
  print: text => text,
};
const groupMac: Value<number> = {
  ...macAddress,
  parse(text, context) {
    const address = macAddress.parse(text, context);
    if (Math.floor(address / GROUP_BIT) % 2 === 0) throw new UsageError("MAC has to be a multicast ethernet address");
    return address;
  },
};

const grammar = someOf({
  new: { help: "Make a new cluster address." },
  hashmode: { value: mode, help: "What says which node a connection belongs to." },
  clustermac: { value: groupMac, help: "Ethernet group address of the cluster." },
  "total-nodes": { value: bounded(0, NODES_MAX), help: "Number of nodes." },
  "local-node": { value: bounded(0, NODES_MAX), help: "Number of this node." },
  "hash-init": { value: bounded(0, U32_MAX), help: "Seed of the hash." },
});

/** What makes a new cluster address. Kernel: struct ipt_clusterip_tgt_info. */
interface Cluster {
  readonly mode: Mode;
  readonly mac: number;
  readonly nodes: number;
  readonly local: number;
  readonly seed: number;
}

/** `-j CLUSTERIP`: several machines share one address; the kernel lost it with Linux 6.2, and `-m cluster` takes its place. Kernel: ipt_CLUSTERIP.c. */
export const CLUSTERIP: TargetType<Cluster | undefined> = {
  name: "CLUSTERIP",
  help: "Share one address with other machines.",
  families: [4],
  options: {
    options: grammar.options,
    parse(given, context) {
      warnOfMissingModule(context);
      const found = grammar.parse(given, context);
      if (given.length === 0) return undefined;
      const { hashmode, clustermac, "total-nodes": nodes, "local-node": local } = found;
      if (!found.new || !hashmode || !clustermac || !nodes || !local)
        throw new UsageError("CLUSTERIP target: Invalid parameter combination");
      return {
        mode: hashmode.value,
        mac: clustermac.value,
        nodes: nodes.value,
        local: local.value,
        seed: found["hash-init"]?.value ?? 0,
      };
    },
    save: info =>
      info
        ? `--new --hashmode ${info.mode} --clustermac ${printMac(info.mac)} --total-nodes ${info.nodes} --local-node ${info.local} --hash-init ${info.seed}`
        : "",
  },
  check: () => missingModule("target", "CLUSTERIP"),
  lower: () => ({ do: "unknown", name: "CLUSTERIP", about: "address shared with other machines" }),
  list: info =>
    info
      ? `CLUSTERIP hashmode=${info.mode} clustermac=${printMac(info.mac)} total_nodes=${info.nodes} local_node=${info.local} hash_init=${info.seed}`
      : "CLUSTERIP",
};
