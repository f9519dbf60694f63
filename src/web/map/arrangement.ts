import type { Hook } from "../../xtables/index.ts";
import type { Arrangement, Box, PlaceName, Plan, PlannedArrow, PlannedHook, PlannedPlace, PlannedRow } from "./plan.ts";

/** What runs at each hook, in the kernel's order; names in capitals of tables stand for chains. Kernel: netfilter_ipv4.h, nf_ip_hook_priorities. */
const ROWS: Readonly<Record<Hook, readonly string[]>> = {
  PREROUTING: ["raw", "conntrack", "mangle", "nat"],
  INPUT: ["mangle", "filter", "security", "nat"],
  FORWARD: ["mangle", "filter", "security"],
  OUTPUT: ["raw", "conntrack", "mangle", "nat", "reroute", "filter", "security"],
  POSTROUTING: ["mangle", "nat"],
};

/** Those of them that are no tables. */
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
/** Room above, below and at the right, so that nothing touches the border of a drawing that just fits. */
const EDGE = 14;
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
  const come = placeAt("in", left, EDGE);
  const prerouting = hookAt("PREROUTING", left, below(come));
  const routing = placeAt("routing", left, below(prerouting) + 4);
  const forward = hookAt("FORWARD", left, below(routing) + 14);
  const postrouting = hookAt("POSTROUTING", left, below(forward) + 4);
  const out = placeAt("out", left, below(postrouting));
  const input = hookAt("INPUT", second, EDGE);
  const process = placeAt("process", second, below(input));
  const output = hookAt("OUTPUT", second, below(process) + 10);
  return {
    arrangement: "wide",
    width: second + HOOK_WIDTH + EDGE,
    height: bottom(out) + EDGE,
    hooks: [prerouting, input, forward, output, postrouting],
    places: [come, routing, process, out],
    arrows: [
      ...straightArrows({ come, prerouting, routing, input, process, output, forward, postrouting, out }),
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
      {
        from: "OUTPUT",
        to: "POSTROUTING",
        points: [
          [middle(output), bottom(output)],
          [middle(output), Math.max(bottom(output) + 24, level(postrouting))],
          [right(postrouting), Math.max(bottom(output) + 24, level(postrouting))],
        ],
      },
    ],
  };
}

function narrowPlan(): Plan {
  const left = 32;
  const come = placeAt("in", left, EDGE);
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
    height: bottom(out) + EDGE,
    hooks: [prerouting, input, output, forward, postrouting],
    places: [come, routing, process, out],
    arrows: [
      ...straightArrows({ come, prerouting, routing, input, process, output, forward, postrouting, out }),
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
    ],
  };
}

type Part = "come" | "prerouting" | "routing" | "input" | "process" | "output" | "forward" | "postrouting" | "out";

/** The ways that run straight down in both arrangements, and the one over loopback. */
function straightArrows(parts: Readonly<Record<Part, Box>>): readonly PlannedArrow[] {
  const { come, prerouting, routing, input, process, output, forward, postrouting, out } = parts;
  return [
    { from: "in", to: "PREROUTING", points: down(come, prerouting) },
    { from: "PREROUTING", to: "routing", points: down(prerouting, routing) },
    { from: "INPUT", to: "process", points: down(input, process) },
    {
      from: "process",
      to: "OUTPUT",
      points: down(process, output),
      label: { text: "routing decision", x: middle(process) + 10, y: bottom(process) + 18 },
    },
    { from: "FORWARD", to: "POSTROUTING", points: down(forward, postrouting) },
    { from: "POSTROUTING", to: "out", points: down(postrouting, out) },
    loopback(postrouting, prerouting),
  ];
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
