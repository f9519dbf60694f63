/** Whether the engine shows what a witness claims. */
export { confirm, type Stand } from "./confirm.ts";
export { supposable, supposeConditions, type Supposable } from "./conditions.ts";
export { decisionPointer } from "./pointer.ts";
