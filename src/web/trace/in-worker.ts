/** Everything of tracing that runs in the reading worker: loaded there together, when it is first asked for. */
export { moreSteps, traceInParts } from "./parts.ts";
export { adviceOf } from "./suggestions.ts";
export { traceReport } from "./work.ts";
