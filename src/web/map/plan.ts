import type { Hook } from "../../xtables/index.ts";

/** How the overview is arranged: in two columns, or in one where there is little width. */
export type Arrangement = "wide" | "narrow";

/** A rectangle of the drawing, in its own units (CSS pixels at scale 1). */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What stands in a hook: a table's chain, or something that the kernel does itself. */
export interface PlannedRow extends Box {
  readonly kind: "table" | "kernel";
  /** The table's name, or what the kernel does. */
  readonly name: string;
}

/** A hook with what runs there, in order. */
export interface PlannedHook extends Box {
  readonly hook: Hook;
  readonly rows: readonly PlannedRow[];
}

/** Something that is no hook: where packets come from and go to, and where the kernel picks their way. */
export interface PlannedPlace extends Box {
  readonly name: PlaceName;
  readonly label: string;
}

/** Places beside the hooks. */
export type PlaceName = "in" | "routing" | "process" | "out";

/** A way from one place or hook to another: its corners. */
export interface PlannedArrow {
  readonly from: Hook | PlaceName;
  readonly to: Hook | PlaceName;
  readonly points: readonly (readonly [number, number])[];
  /** What travels there, and where those words stand: from there on, before there, or upwards from there; none where it is plain. */
  readonly label?: { readonly text: string; readonly x: number; readonly y: number; readonly turned?: boolean; readonly before?: boolean };
  readonly dashed?: boolean;
}

/** Where everything of the overview stands. */
export interface Plan {
  readonly arrangement: Arrangement;
  readonly width: number;
  readonly height: number;
  readonly hooks: readonly PlannedHook[];
  readonly places: readonly PlannedPlace[];
  readonly arrows: readonly PlannedArrow[];
}

/** What runs at each hook, in the kernel's order; names in capitals of tables stand for chains. Kernel: netfilter_ipv4.h, nf_ip_hook_priorities. */
const ROWS: Readonly<Record<Hook, readonly string[]>> = {
  PREROUTING: ["raw", "conntrack", "mangle", "nat"],
  INPUT: ["mangle", "filter", "security", "nat"],
  FORWARD: ["mangle", "filter", "security"],
  OUTPUT: ["raw", "conntrack", "mangle", "nat", "reroute", "filter", "security"],
  POSTROUTING: ["mangle", "nat"],
};

const KERNEL_ROWS: readonly string[] = ["conntrack", "reroute"];

const HOOK_WIDTH = 312;
const TITLE = 26;
const PAD = 8;
const TABLE_ROW = 28;
const KERNEL_ROW = 20;
const ROW_GAP = 3;
const PLACE = 28;
const GAP = 18;
const MARGIN = 30;
const GUTTER = 46;

function hookAt(hook: Hook, x: number, y: number): PlannedHook {
  const rows: PlannedRow[] = [];
  let top = y + TITLE;
  for (const name of ROWS[hook]) {
    const kind = KERNEL_ROWS.includes(name) ? "kernel" : "table";
    const height = kind === "kernel" ? KERNEL_ROW : TABLE_ROW;
    rows.push({ kind, name, x: x + PAD, y: top, width: HOOK_WIDTH - 2 * PAD, height });
    top += height + ROW_GAP;
  }
  return { hook, rows, x, y, width: HOOK_WIDTH, height: top - ROW_GAP + PAD - y };
}

const LABELS: Readonly<Record<PlaceName, string>> = {
  in: "packets come in",
  routing: "routing decision",
  process: "local processes",
  out: "packets go out",
};

const placeAt = (name: PlaceName, x: number, y: number): PlannedPlace => ({
  name,
  label: LABELS[name],
  x,
  y,
  width: HOOK_WIDTH,
  height: PLACE,
});

const bottom = (box: Box): number => box.y + box.height;
const right = (box: Box): number => box.x + box.width;
const middle = (box: Box): number => box.x + box.width / 2;
const level = (box: Box): number => box.y + box.height / 2;
const below = (box: Box): number => bottom(box) + GAP;
const down = (from: Box, to: Box): readonly (readonly [number, number])[] => [
  [middle(from), bottom(from)],
  [middle(to), to.y],
];

function widePlan(): Plan {
  const left = MARGIN;
  const second = left + HOOK_WIDTH + GUTTER;
  const gutter = left + HOOK_WIDTH + GUTTER / 2;
  const come = placeAt("in", left, 4);
  const prerouting = hookAt("PREROUTING", left, below(come));
  const routing = placeAt("routing", left, below(prerouting) + 4);
  const forward = hookAt("FORWARD", left, below(routing) + 14);
  const postrouting = hookAt("POSTROUTING", left, below(forward) + 4);
  const out = placeAt("out", left, below(postrouting));
  const input = hookAt("INPUT", second, 4);
  const process = placeAt("process", second, below(input));
  const output = hookAt("OUTPUT", second, below(process) + 10);
  return {
    arrangement: "wide",
    width: second + HOOK_WIDTH + 4,
    height: bottom(out) + 4,
    hooks: [prerouting, input, forward, output, postrouting],
    places: [come, routing, process, out],
    arrows: [
      { from: "in", to: "PREROUTING", points: down(come, prerouting) },
      { from: "PREROUTING", to: "routing", points: down(prerouting, routing) },
      {
        from: "routing",
        to: "INPUT",
        points: [
          [right(routing), level(routing)],
          [gutter, level(routing)],
          [gutter, input.y + 13],
          [input.x, input.y + 13],
        ],
        label: { text: "for this machine", x: gutter - 7, y: level(routing) - 12, turned: true },
      },
      {
        from: "routing",
        to: "FORWARD",
        points: down(routing, forward),
        label: { text: "for others", x: middle(routing) + 10, y: bottom(routing) + 20 },
      },
      { from: "INPUT", to: "process", points: down(input, process) },
      {
        from: "process",
        to: "OUTPUT",
        points: down(process, output),
        label: { text: "routing decision", x: middle(process) + 10, y: bottom(process) + 18 },
      },
      { from: "FORWARD", to: "POSTROUTING", points: down(forward, postrouting) },
      {
        from: "OUTPUT",
        to: "POSTROUTING",
        points: [
          [middle(output), bottom(output)],
          [middle(output), Math.max(bottom(output) + 24, level(postrouting))],
          [right(postrouting), Math.max(bottom(output) + 24, level(postrouting))],
        ],
      },
      { from: "POSTROUTING", to: "out", points: down(postrouting, out) },
      loopback(postrouting, prerouting),
    ],
  };
}

function narrowPlan(): Plan {
  const left = 32;
  const come = placeAt("in", left, 4);
  const prerouting = hookAt("PREROUTING", left, below(come));
  const routing = placeAt("routing", left, below(prerouting));
  const input = hookAt("INPUT", left, below(routing) + 14);
  const process = placeAt("process", left, below(input));
  const output = hookAt("OUTPUT", left, below(process) + 10);
  const forward = hookAt("FORWARD", left, below(output) + 4);
  const postrouting = hookAt("POSTROUTING", left, below(forward));
  const out = placeAt("out", left, below(postrouting));
  const passing = right(output) + 13;
  return {
    arrangement: "narrow",
    width: left + HOOK_WIDTH + 22,
    height: bottom(out) + 4,
    hooks: [prerouting, input, output, forward, postrouting],
    places: [come, routing, process, out],
    arrows: [
      { from: "in", to: "PREROUTING", points: down(come, prerouting) },
      { from: "PREROUTING", to: "routing", points: down(prerouting, routing) },
      {
        from: "routing",
        to: "INPUT",
        points: down(routing, input),
        label: { text: "for this machine", x: middle(routing) - 10, y: bottom(routing) + 20, before: true },
      },
      {
        from: "routing",
        to: "FORWARD",
        points: [
          [right(routing), level(routing)],
          [passing, level(routing)],
          [passing, forward.y + 13],
          [right(forward), forward.y + 13],
        ],
        label: { text: "for others", x: passing - 6, y: bottom(routing) + 20, before: true },
      },
      { from: "INPUT", to: "process", points: down(input, process) },
      {
        from: "process",
        to: "OUTPUT",
        points: down(process, output),
        label: { text: "routing decision", x: middle(process) + 10, y: bottom(process) + 18 },
      },
      {
        from: "OUTPUT",
        to: "POSTROUTING",
        points: [
          [middle(output), bottom(output)],
          [middle(output), bottom(output) + 10],
          [left - 7, bottom(output) + 10],
          [left - 7, level(postrouting)],
          [left, level(postrouting)],
        ],
      },
      { from: "FORWARD", to: "POSTROUTING", points: down(forward, postrouting) },
      { from: "POSTROUTING", to: "out", points: down(postrouting, out) },
      loopback(postrouting, prerouting),
    ],
  };
}

/** Packets to the machine itself go out and come in again. */
function loopback(postrouting: Box, prerouting: Box): PlannedArrow {
  const x = postrouting.x - 14;
  return {
    from: "POSTROUTING",
    to: "PREROUTING",
    dashed: true,
    label: { text: "over loopback", x: x - 5, y: (postrouting.y + prerouting.y) / 2 + 60, turned: true },
    points: [
      [postrouting.x, postrouting.y + 13],
      [x, postrouting.y + 13],
      [x, prerouting.y + 13],
      [prerouting.x, prerouting.y + 13],
    ],
  };
}

const PLANS: Readonly<Record<Arrangement, Plan>> = { wide: widePlan(), narrow: narrowPlan() };

/** Where everything of the overview stands in an arrangement. */
export function plan(arrangement: Arrangement): Plan {
  return PLANS[arrangement];
}
