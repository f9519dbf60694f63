/** An IP version. */
export type Family = 4 | 6;
