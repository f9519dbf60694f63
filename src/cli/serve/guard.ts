import { Refusal } from "./refusal.ts";
import { sameToken } from "./token.ts";

/** Who the server is: the hosts that its URL may name, and the token. */
export interface Site {
  /** `127.0.0.1:7070`, `localhost:7070`. */
  readonly hosts: ReadonlySet<string>;
  readonly token: string;
}

/** What of a request says whether it may be served. */
export interface Asked {
  readonly method: string;
  /** As it came: a path with its query. */
  readonly target: string;
  /** By name in lower case. */
  readonly header: (name: string) => string | undefined;
}

const API_METHODS = ["GET", "PUT", "POST"];
const PAGE_METHODS = ["GET", "HEAD"];

/** Paths that mean what they say: whoever reads them differently, by resolving or decoding, finds nothing to do. */
const PLAIN_PATH = /^(?:\/|(?:\/(?!\.\.?(?:\/|$))[\w.-]+)+\/?)$/;

/**
 * Throws a Refusal unless the request comes from the page itself. A name that an attacker points at this address (DNS rebinding) is none of
 * `hosts`; other pages have another Origin or say that they are cross-site. A link from elsewhere may open the page, which shows nothing
 * without the token.
 */
export function guard(asked: Asked, { hosts }: Site): void {
  const { method, target, header } = asked;
  const path = target.split("?", 1)[0] ?? "";
  if (!PLAIN_PATH.test(path)) throw new Refusal("request", "no path of this server is written so");
  if (!(isApi(path) ? API_METHODS : PAGE_METHODS).includes(method)) throw new Refusal("method", "this method is not served");
  const host = header("host")?.toLowerCase();
  if (host === undefined || !hosts.has(host)) throw new Refusal("host", "this server has another name");
  const origin = header("origin");
  if (origin !== undefined && origin.toLowerCase() !== `http://${host}`)
    throw new Refusal("origin", "only its own page may ask this server");
  const from = header("sec-fetch-site") ?? "none";
  if (from !== "same-origin" && from !== "none" && !isVisit(asked))
    throw new Refusal("cross-site", "only its own page may ask this server");
}

/** Throws a Refusal unless the request bears the token, which other pages cannot know. */
export function guardToken(said: string | undefined, { token }: Site): void {
  if (!sameToken(said ?? "", token))
    throw new Refusal("token", "the token is missing or wrong: open the page by the URL that ferrule serve printed");
}

/** Is it the path of a call, rather than of a file of the page? */
export const isApi = (path: string): boolean => path === "/api" || path.startsWith("/api/");

/** A person follows a link to the page. */
const isVisit = ({ method, target, header }: Asked): boolean =>
  method === "GET" && target === "/" && header("sec-fetch-mode") === "navigate" && header("sec-fetch-dest") === "document";
