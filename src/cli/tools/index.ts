/** The tools as commands on a store of files. */
export { CALL_NAMES, toolCall, type ToolCall } from "./call.ts";
