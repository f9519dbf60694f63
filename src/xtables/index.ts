/** What an extension is: its option grammar, and the shape of a match and of a target. */
export { BUILTIN_CHAINS, HOOKS, TABLES, type Hook, type PlaceContext, type RuleContext, type TableName } from "./context.ts";
export { bindMatch, placeFault, type Listing, type Lowered, type Match, type MatchType, type Need, type Placed } from "./match.ts";
export { noOptions, oneOf, optionName, someOf, type Choice, type Given, type Grammar, type NameTables, type Option, type Options, type Parsed, type ReadContext, type Value } from "./option.ts";
export { badValue, maskedMark, parseUnsigned, parseUnsignedBig, quoteArgument, text, u16, u32, u8, unsigned, unsignedRange } from "./numbers.ts";
export { bindTarget, jumpTo, type Target, type TargetType } from "./target.ts";
export { UsageError, type Span, type Status } from "./usage.ts";
