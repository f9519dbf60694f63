/** Text ⇄ Ruleset. */
export { type Fault, UnsupportedExtension } from "./fault.ts";
export { type ReadOptions, type Variant } from "./options.ts";
export { defaultNames } from "./names.ts";
export { namesWithSets } from "./set-names.ts";
export { readSave, type Ignored, type Reading } from "./save.ts";
export { applyCommand, toolName, type CommandResult } from "./command.ts";
export { printSave, printSpecs, type SaveOptions } from "./print-save.ts";
export { wordsOf, type Word } from "./words.ts";
export { closest } from "./guess.ts";
export { speaksNft, familyOf, kindOf, readRules, splitFamilies, type RulesReading, type TextKind } from "./detect.ts";
export { readList } from "./read-list.ts";
export { readSpecs } from "./read-specs.ts";
export { printList, type ListOptions } from "./print-list.ts";
export {
  emptyState,
  runTool,
  TOOL_NAMES,
  toolOf,
  ToolSets,
  type Tool,
  type ToolOptions,
  type ToolResult,
  type ToolState,
} from "./tools/index.ts";
export { printNft, type NftOptions, type NftPrinting } from "./nft/index.ts";
export { extensionHelp, type ExtensionHelp, type OptionHelp } from "./extension-help.ts";
export { printSets, readIpsets, runIpset, type IpsetOutcome, type IpsetSurroundings, type ReadSets } from "./ipset/index.ts";
