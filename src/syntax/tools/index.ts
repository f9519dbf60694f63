/** The commands themselves: iptables and its companions, as functions from a state to a state. */
export { emptyState, runTool } from "./run-tool.ts";
export { ToolSets } from "./tool-sets.ts";
export { TOOL_NAMES, toolOf } from "./tool-name.ts";
export { type Tool, type ToolOptions, type ToolResult, type ToolState } from "./tool.ts";
