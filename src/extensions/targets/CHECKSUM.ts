import { someOf, type TargetType } from "../../xtables/index.ts";

/** `-j CHECKSUM --checksum-fill`: a checksum left to hardware is computed now. Kernel: xt_CHECKSUM.c; mangle only. Complete packets stay as they are. */
export const CHECKSUM: TargetType<object> = {
  name: "CHECKSUM",
  help: "Fill in a checksum that was left to the network card.",
  tables: ["mangle"],
  options: someOf({ "checksum-fill": { required: true, help: "Fill in the packet's checksum." } }),
  lower: () => ({ do: "checksum" }),
  list: () => "CHECKSUM fill",
};
