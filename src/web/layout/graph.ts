import { Graph, layout, type Point } from "@dagrejs/dagre";

/** A graph to lay out from left to right: boxes by their sizes, and which leads to which, by index. */
export interface PlainGraph {
  readonly boxes: readonly { readonly width: number; readonly height: number }[];
  readonly edges: readonly { readonly from: number; readonly to: number }[];
  /** Least distances: between ranks, and between neighbours in a rank. */
  readonly gaps: { readonly ranks: number; readonly boxes: number };
}

/** Where everything stands: boxes by their top left corners, edges by points from border to border; the whole starts at 0, 0. */
export interface LaidOut {
  readonly boxes: readonly { readonly x: number; readonly y: number }[];
  readonly edges: readonly (readonly { readonly x: number; readonly y: number }[])[];
  readonly width: number;
  readonly height: number;
}

/** Edges, with the ranks that they cross, that are laid out at most: the time goes up with the square of these. */
const LAID_OUT_MAX = 1200;

/**
 * Lays a graph out in ranks by dagre. Boxes go by their indices, so that no name can mean anything to it. Edges from a box to itself are left
 * without points. Where edges are too many, only the first into each box shapes the picture, and the others are left without points too.
 */
export function layOut({ boxes, edges, gaps }: PlainGraph): LaidOut {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: "LR", ranksep: gaps.ranks, nodesep: gaps.boxes, edgesep: 8, marginx: 0, marginy: 0 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const [index, { width, height }] of boxes.entries()) graph.setNode(String(index), { width, height });
  const shaping = shapingEdges(boxes.length, edges);
  for (const index of shaping) {
    const { from, to } = edges[index] as Edge;
    graph.setEdge(String(from), String(to), {}, String(index));
  }
  // Boxes keep the order in which they are first reached, which is the order of the rules; fewer crossings would be less clear.
  layout(graph, { disableOptimalOrderHeuristic: true });
  const { width = 0, height = 0 } = graph.graph();
  return {
    boxes: boxes.map((box, index) => {
      const { x = 0, y = 0 } = graph.node(String(index));
      return { x: x - box.width / 2, y: y - box.height / 2 };
    }),
    edges: edges.map(({ from, to }, index) =>
      shaping.has(index) ? (graph.edge(String(from), String(to), String(index)).points ?? []).map(({ x, y }: Point) => ({ x, y })) : [],
    ),
    width: boxes.length === 0 ? 0 : width,
    height: boxes.length === 0 ? 0 : height,
  };
}

type Edge = PlainGraph["edges"][number];

/** Indices of the edges that shape the picture: all between different boxes, or the first into each where these are too many. */
function shapingEdges(boxes: number, edges: readonly Edge[]): ReadonlySet<number> {
  const all = [...edges.keys()].filter(index => edges[index]?.from !== edges[index]?.to);
  const depth = depths(
    boxes,
    all.map(index => edges[index] as Edge),
  );
  const weight = all.reduce((sum, index) => {
    const { from, to } = edges[index] as Edge;
    return sum + Math.max(1, Math.abs((depth[to] ?? 0) - (depth[from] ?? 0)));
  }, 0);
  if (weight <= LAID_OUT_MAX) return new Set(all);
  const entered = new Set<number>([0]);
  return new Set(
    all.filter(index => {
      const { to } = edges[index] as Edge;
      return !entered.has(to) && entered.add(to);
    }),
  );
}

/** How long the longest way to each box is, counted in edges; ways in a circle end. */
function depths(boxes: number, edges: readonly Edge[]): readonly number[] {
  const depth = Array.from({ length: boxes }, () => 0);
  let changed = true;
  for (let round = 0; changed && round < boxes; round++) {
    changed = false;
    for (const { from, to } of edges) {
      const further = (depth[from] ?? 0) + 1;
      if (further <= (depth[to] ?? 0) || further >= boxes) continue;
      depth[to] = further;
      changed = true;
    }
  }
  return depth;
}
