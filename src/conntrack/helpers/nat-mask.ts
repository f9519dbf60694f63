import { STATUS } from "../connection.ts";

/** The connection is translated at one end at least (IPS_NAT_MASK). */
export const NAT_MASK: number = STATUS.SRC_NAT | STATUS.DST_NAT;
