import type { MiddlewareHandler } from "hono";
import { Refusal } from "./refusal.ts";
import { MOST_BYTES } from "./root.ts";

/** Bytes of all bodies that are under way: each is in memory several times while it is looked at. */
const MOST_WAITING = 2 * MOST_BYTES;

/** Refuses a request whose body would be too much beside those that are under way; a body without a length counts as the largest. */
export function bodyBudget(): MiddlewareHandler {
  let waiting = 0;
  return async (c, next) => {
    const length = c.req.header("content-length") ?? (c.req.header("transfer-encoding") === undefined ? 0 : MOST_BYTES);
    const size = Math.min(Number(length), MOST_BYTES);
    if (waiting + size > MOST_WAITING) throw new Refusal("busy", "too much is being sent at once");
    waiting += size;
    try {
      await next();
    } finally {
      waiting -= size;
    }
  };
}
