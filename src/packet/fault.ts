/** Why bytes are no packet, and the offset of the byte that says so. */
export interface Fault {
  readonly fault: string;
  readonly offset: number;
}

/** Tells a fault from a layout (or from any other result that is not a fault). */
export function isFault<T extends object>(result: T | Fault): result is Fault {
  return "fault" in result;
}

/** A fault at an offset. */
export function fault(text: string, offset: number): Fault {
  return { fault: text, offset };
}
