import { CAPTURES } from "./captures.ts";
import { COMMANDS } from "./commands.ts";
import { HELPERS } from "./helpers.ts";
import { HOSTS } from "./hosts.ts";
import { NFT } from "./nft.ts";
import { PACKET_TARGETS } from "./packets.ts";
import { PROGRAMS } from "./programs.ts";
import { QUESTION_TARGETS } from "./questions.ts";
import { SCRIPTS } from "./scripts.ts";
import type { Target } from "./target.ts";
import { TEXTS } from "./texts.ts";

/** Everything that reads what others wrote. */
export const TARGETS: readonly Target[] = [
  ...TEXTS,
  ...COMMANDS,
  ...PACKET_TARGETS,
  ...CAPTURES,
  ...HELPERS,
  ...HOSTS,
  ...PROGRAMS,
  ...SCRIPTS,
  ...NFT,
  ...QUESTION_TARGETS,
];
