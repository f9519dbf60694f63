import type { Outcome } from "../engine/index.ts";

/** Was the packet let through? */
export const isAccepted = ({ verdict }: Pick<Outcome, "verdict">): boolean =>
  verdict === "delivered" || verdict === "forwarded" || verdict === "sent";
