import { expose } from "comlink";
import type { Documents } from "../state/documents.ts";
import { now } from "./clock.ts";
import { readFirewall } from "./firewall.ts";
import type { Reading } from "./outline.ts";
import { outlineOf } from "./outline-of.ts";

/** What the reading worker does. */
const work = {
  read: (texts: Documents): Reading => outlineOf(readFirewall(texts, now())),
};

export type RulesWork = typeof work;

expose(work);
