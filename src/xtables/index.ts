/** What an extension is: its option grammar, and the shape of a match and of a target. */
export { BUILTIN_CHAINS, HOOKS, TABLES, type Backend, type Hook, type PlaceContext, type RuleContext, type TableName } from "./context.ts";
export { bindMatch, placeFault, type Listing, type Lowered, type Match, type MatchType, type Need, type Placed } from "./match.ts";
export {
  noOptions,
  oneOf,
  optionName,
  someOf,
  type Choice,
  type Given,
  type Grammar,
  type NameTables,
  type Option,
  type Options,
  type Parsed,
  type ReadContext,
  type Value,
} from "./option.ts";
export {
  badValue,
  maskedMark,
  parseUnsigned,
  parseUnsignedBig,
  quoteArgument,
  text,
  u16,
  u32,
  u8,
  unsigned,
  unsignedRange,
} from "./numbers.ts";
export { bindTarget, jumpTo, type Target, type TargetType } from "./target.ts";
export { UsageError, type Span, type Status } from "./usage.ts";
export { bits32, bounded, parseBounded, scanUnsigned, type Scanned } from "./integers.ts";
export { markMask, markOperation, printMasked, type Masked } from "./marks.ts";
export { boundedText, cutBytes } from "./strings.ts";
export { parseNatPorts, printNatPorts, type NatPorts } from "./nat-ports.ts";
export { natAction, natRange, natRangeWithoutBase, printNatRange, type NatFlags, type NatRange } from "./nat-range.ts";
export { integerRange, printRange, type IntegerRange } from "./integer-range.ts";
export { loosePorts, orderedPorts, parsePort, PORT_MAX } from "./ports.ts";
export { exactWord, findWord, printBits, wordBits, type Word } from "./words.ts";
export { allOnes, host, hostMask, parseHost, printHostMask, type HostMask } from "./hosts.ts";
export { dscpClass, hexByte, TOS_NAME_MASK, tosMask, tosName } from "./service-type.ts";
export { atoll, strtoul } from "./atoll.ts";
export { scanBig, u64, U64_MAX, u64Range, type BigRange } from "./big-integers.ts";
export { scanDouble, type ScannedDouble } from "./strtod.ts";
export { NO_PREFIX_LENGTH, prefixLength } from "./prefix-length.ts";
export { mappedMark, printMapped } from "./mapped-marks.ts";
export { finallyChecked } from "./final-check.ts";
export { macAddress } from "./mac-address.ts";
export { bareText } from "./bare-text.ts";
