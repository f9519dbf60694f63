import * as battery from "./battery.ts";
import * as cmds from "./cmds.ts";
import * as flows from "./flows.ts";
import * as ipset from "./ipset.ts";
import * as pcapConntrack from "./pcap-conntrack.ts";
import * as save from "./save.ts";
import type { Suite } from "./suite.ts";
import * as tRows from "./t-rows.ts";

/** Every comparison, cheapest first. */
export const SUITES: readonly Suite[] = [save, ipset, tRows, cmds, battery, flows, pcapConntrack];
