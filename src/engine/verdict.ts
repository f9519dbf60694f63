/** What a table, a hook or a target says of a packet; the numbers are the kernel's (netfilter.h), CONTINUE is xt's own. */
export const VERDICT = { CONTINUE: -1, DROP: 0, ACCEPT: 1, STOLEN: 2, QUEUE: 3 } as const;

/** One of VERDICT. */
export type Verdict = (typeof VERDICT)[keyof typeof VERDICT];
