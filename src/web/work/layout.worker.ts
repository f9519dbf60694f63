import { expose } from "comlink";
import { layOut, type LaidOut, type PlainGraph } from "../layout/graph.ts";

/** What the layout worker does. */
const work = { layOut: (graph: PlainGraph): LaidOut => layOut(graph) };

export type LayoutWork = typeof work;

expose(work);
