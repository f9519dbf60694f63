/** What the page may load; the server of `ferrule serve` says the same in a header. */
export { contentSecurityPolicy } from "../report/serve/index.ts";
