import { expose } from "comlink";

/** What an analysing worker does; each panel's part stands in its own folder. */
const work = {};

export type AnalysisWork = typeof work;

expose(work);
