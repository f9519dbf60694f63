import { expose } from "comlink";

/** What the layout worker does. */
const work = {};

export type LayoutWork = typeof work;

expose(work);
