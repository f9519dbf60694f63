/** The server of the workbench: the built page and its calls, on this machine's own address. */
export { openingsOf } from "./openings.ts";
export type { OpeningFlags } from "./rules-document.ts";
export { rootOf } from "./root.ts";
export { startServer, type Running, type ServerSettings } from "./server.ts";
export { newToken } from "./token.ts";
