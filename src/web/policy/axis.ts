import type { Path } from "../../analysis/index.ts";
import type { GridAxis } from "../../report/index.ts";

/** The end of sessions that differs most on a path. */
export const usualAxis = (path: Path): GridAxis => (path === "out" || path === "local" ? "servers" : "clients");

/** What columns by an end are called. */
export const AXIS_WORDS: Readonly<Record<GridAxis, string>> = { clients: "who opens it", servers: "whom they reach" };
