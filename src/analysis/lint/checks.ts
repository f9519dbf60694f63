import type { Finding } from "../finding.ts";
import { chainLoops, unledChains } from "./graph.ts";
import { missingAnswers } from "./half-open.ts";
import { blackHoles, identDropped, neighboursRefused } from "./icmp.ts";
import { impossibleInterfaces } from "./interface-names.ts";
import { loopbackRefused } from "./loopback.ts";
import { cutPrefixes, unlimitedLogs } from "./logging.ts";
import { wideSourceNat } from "./source-nat.ts";
import { coveredRules } from "./covered.ts";
import { invalidAccepted, midStreamAccepted, openPolicies, sourcePortHoles } from "./exposure.ts";
import { diversions } from "./nat-ways.ts";
import { broadHelpers, missingHelpers, whitelistGaps } from "./outbound.ts";
import { lateEstablished } from "./order-cost.ts";
import { spoofableSources } from "./spoofing.ts";
import type { Matter } from "./matter.ts";
import { mergeableRules } from "./mergeable.ts";
import { lateBans, relatedRules } from "./pairs.ts";
import { redundantRules } from "./redundant.ts";
import type { Subject } from "./subject.ts";
import { twoBackends, wrongTables } from "./tables.ts";
import { writtenAddresses } from "./written-address.ts";

/** Looks for some kinds of findings. */
export type Check = (subject: Subject) => readonly Finding[];

/** Every check of the rules' own words, the chain graph and the host. */
export const CHECKS: readonly Check[] = [
  chainLoops,
  unledChains,
  impossibleInterfaces,
  mergeableRules,
  cutPrefixes,
  wideSourceNat,
  twoBackends,
  wrongTables,
  writtenAddresses,
];

/** Looks for some kinds of findings by packet sets. */
export type SetCheck = (matter: Matter) => readonly Finding[];

/** Every check by packet sets. */
export const SET_CHECKS: readonly SetCheck[] = [
  coveredRules,
  redundantRules,
  relatedRules,
  lateBans,
  sourcePortHoles,
  invalidAccepted,
  midStreamAccepted,
  openPolicies,
  missingAnswers,
  loopbackRefused,
  blackHoles,
  neighboursRefused,
  identDropped,
  diversions,
  whitelistGaps,
  missingHelpers,
  broadHelpers,
  unlimitedLogs,
  lateEstablished,
  spoofableSources,
];
