/** What was thrown, in words for people. */
export const reasonOf = (fault: unknown): string => (fault instanceof Error ? fault.message : String(fault));
