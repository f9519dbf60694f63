/** Whether the engine shows what a witness claims. */
export { confirm, type Stand } from "./confirm.ts";
export { supposeConditions } from "./conditions.ts";
export { decisionPointer } from "./pointer.ts";
