import { contentSecurityPolicy } from "../../report/serve/index.ts";

/** What every answer says: it is what it says it is, nobody else may embed, open or load it, and its address is told to nobody. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy": contentSecurityPolicy({ embedded: false }),
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
};

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  ico: "image/x-icon",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  map: "application/json",
  png: "image/png",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
  wasm: "application/wasm",
  webmanifest: "application/manifest+json",
  woff2: "font/woff2",
};

/** The content type of a file of the page; undefined for one that is not served. */
export function contentType(name: string): string | undefined {
  const dot = name.lastIndexOf(".");
  const extension = name.slice(dot + 1).toLowerCase();
  return dot > 0 && Object.hasOwn(TYPES, extension) ? TYPES[extension] : undefined;
}

/** Files of `assets/` bear the hash of their content in their name. */
export const cacheControl = (segments: readonly string[]): string =>
  segments[0] === "assets" ? "private, max-age=31536000, immutable" : "no-cache";
