import { printable } from "./printable.ts";

/** Text as HTML and SVG may hold it, between tags and in quoted attributes; what a terminal would hide is shown as `\u202e`. */
export const markup = (text: string): string =>
  printable(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
