/** Results as plain data and as text: the only input of both front ends. */
export { packetText } from "./packet-text.ts";
export { printable, printableLines } from "./printable.ts";
export { packetStatus, sessionLines, sessionStatus } from "./session-lines.ts";
export { lineText, type Line, type Span, type Tone } from "./span.ts";
export { RULESET_JSON_VERSION, rulesetJson } from "./ruleset-json.ts";
export { timeline, TimelineRecorder, type TimelineData } from "./timeline.ts";
export { outcomeJson, sessionJson, TRACE_JSON_VERSION, type Json } from "./trace-json.ts";
export { traceLines, type TraceDetail } from "./trace-lines.ts";
export { fieldName, showValue } from "./value.ts";
export { isAccepted } from "./accepted.ts";
export { decisionText, errnoText, verdictLines } from "./verdict-lines.ts";
export { predicateText, whyNot } from "./wanted.ts";
