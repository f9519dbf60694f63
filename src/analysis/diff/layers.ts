import { CT_STATE, type Field, type Value } from "../../predicate/index.ts";
import {
  LOCAL_DESTINATION,
  NO,
  tracks,
  YES,
  type Diagram,
  type SessionKind,
  type Sessions,
  type Shape,
  type Space,
} from "../../symbolic/index.ts";
import type { FamilyModel } from "../model.ts";
import type { Path, Witness } from "../witness.ts";
import { paired } from "./pairs.ts";
import { changeOf, seenPacket, seenSession, seenText, type Seen } from "./seen.ts";
import type { Change } from "./diff-report.ts";

/** What a leaf of a layer stands for: how something ends on both sides. */
export interface Difference {
  readonly change: Change;
  readonly before: Seen;
  readonly after: Seen;
}

/** One kind of sessions or packets, as both sides treat it. */
export interface Part {
  /** Index of its kind of sessions, or of its name. */
  readonly index: number;
  /** NO, or a leaf for a `Difference`. */
  readonly diagram: Diagram;
  /** What becomes of it on the side before, and what its leaves mean. */
  readonly whole: Diagram;
  see(leaf: Diagram): Seen;
  /** What takes another path on both sides. */
  readonly elsewhere: Diagram;
  /** Fields of its packets. */
  readonly shape: Shape;
  readonly kind: SessionKind;
}

/** Sessions, or one sort of packets outside of them, that are compared together. */
export interface Layer {
  readonly about: Witness["about"];
  /** What sort of packets; undefined for sessions. */
  readonly sort: string | undefined;
  /** Names of its parts by index, where these are not the kinds of sessions. */
  readonly names: readonly string[] | undefined;
  /** The `ct` word that its packets need. */
  readonly state: "INVALID" | "RELATED" | "UNTRACKED" | "ESTABLISHED" | undefined;
  /** Where sessions differ anyway, it needs no row of its own. */
  readonly folds: boolean;
  readonly parts: readonly Part[];
}

/** The leaf of a difference; NO for ends that are the same. */
function differing({ space }: FamilyModel, before: Seen, after: Seen): Diagram {
  const [one, other] = [seenText(before), seenText(after)];
  if (one === other) return NO;
  const change = changeOf(before, after);
  return space.leaf(`diff ${before.claim} ${one} | ${after.claim} ${other}`, { change, before, after } satisfies Difference);
}

/** Does a level ask whose address the destination is? Without a host that is a matter of the machine, not a condition. */
export function isPlace({ levels }: Space, level: number): boolean {
  const info = levels[level];
  return info?.is === "condition" && info.about === LOCAL_DESTINATION;
}

/** The pair of two functions whose leaves mean ends. */
function pairOf(
  model: FamilyModel,
  f: Diagram,
  g: Diagram,
  one: (leaf: Diagram) => Seen,
  other: (leaf: Diagram) => Seen,
): Pick<Part, "diagram" | "whole" | "see" | "elsewhere"> {
  const { diagrams } = model.space;
  const gone = (whole: Diagram, see: (leaf: Diagram) => Seen): Diagram =>
    diagrams.mapLeaves(whole, leaf => (see(leaf).claim === undefined ? YES : NO));
  return {
    whole: f,
    see: one,
    diagram: paired(diagrams, f, g, (a, b) => differing(model, one(a), other(b))),
    elsewhere: diagrams.quantify(diagrams.and(gone(f, one), gone(g, other)), level => isPlace(model.space, level), false),
  };
}

/** What sessions of a path become on both sides. */
export function sessionLayer(model: FamilyModel, path: Path): Layer {
  const [before, after] = sides(model);
  const others = after.on(path);
  const parts = before.on(path).map(({ kind, diagram }, index): Part => {
    const pair = pairOf(
      model,
      diagram,
      others[index]?.diagram ?? diagram,
      leaf => seenSession(before.endOf(leaf)),
      leaf => seenSession(after.endOf(leaf)),
    );
    return { index, ...pair, shape: kind.opener, kind };
  });
  return { about: "session", sort: undefined, names: undefined, state: undefined, folds: false, parts };
}

/** Both rulesets of a model. */
export function sides({ sessions }: FamilyModel): readonly [before: Sessions, after: Sessions] {
  const [before, after] = sessions;
  if (before === undefined || after === undefined) throw new RangeError("a comparison needs two rulesets");
  return [before, after];
}

/** Packets of one shape in one state, on both sides. */
function packets(model: FamilyModel, path: Path, index: number, kind: SessionKind, state: number, shape: Shape, strict = false): Part {
  const whole: Shape = [["protocol", kind.protocol], ...shape];
  const [before, after] = sides(model).map(side => {
    const known = new Map<number, number>();
    const assume = ([field, value]: readonly [Field, Value]): void => side.assume(known, field, value);
    for (const fact of whole) assume(fact);
    assume(["ctstate", tracks(side.ruleset) ? state : CT_STATE.INVALID]);
    assume([
      "ctstatus",
      state === CT_STATE.ESTABLISHED && tracks(side.ruleset) ? SEEN_REPLY : state === CT_STATE.NEW && tracks(side.ruleset) ? 0 : undefined,
    ]);
    return model.space.diagrams.assume(side.packets(path), known);
  }) as [Diagram, Diagram];
  const see = (leaf: Diagram): Seen => seenPacket(model.results.of(leaf), strict);
  return { index, ...pairOf(model, before, after, see, see), shape: whole, kind };
}

/** SEEN_REPLY, ASSURED and CONFIRMED. */
const SEEN_REPLY = 14;
const ACK = 16;
const NO_ICMP: Shape = [
  ["icmptype", undefined],
  ["icmpcode", undefined],
];

/** Packets outside of sessions: what tracking takes up in the middle, what it calls INVALID, and what it says belongs with a session. */
export function strayLayers(model: FamilyModel, path: Path): Layer[] {
  const [{ kinds }] = sides(model);
  const each = (state: number, shapeOf: (kind: SessionKind) => Shape | undefined): Part[] =>
    kinds.flatMap((kind, index) => {
      const shape = shapeOf(kind);
      return shape === undefined ? [] : [packets(model, path, index, kind, state, shape)];
    });
  const middle = each(CT_STATE.NEW, kind => (kind.name === "tcp" ? [["tcpflags", ACK], ...NO_ICMP] : undefined));
  const invalid = each(CT_STATE.INVALID, kind => kind.answer);
  const related = each(CT_STATE.RELATED, kind => (kind.icmpType === undefined ? kind.opener : undefined));
  return [
    folding("of connections that tracking takes up in the middle", middle, undefined),
    folding("that tracking calls INVALID", invalid, "INVALID"),
    folding("of RELATED connections", related, "RELATED"),
    ...icmpLayers(model, path),
  ];
}

/** Packets that need no row of their own where sessions differ anyway. */
const folding = (sort: string, parts: readonly Part[], state: Layer["state"]): Layer => ({
  about: "packet",
  sort,
  names: undefined,
  state,
  folds: true,
  parts,
});

/** ICMP errors about sessions, and in IPv6 the neighbours' talk, which is never tracked. */
function icmpLayers(model: FamilyModel, path: Path): Layer[] {
  const [{ kinds }] = sides(model);
  const kind = kinds.find(({ icmpType }) => icmpType !== undefined);
  if (kind === undefined) return [];
  const layer = (sort: string, types: typeof NEIGHBOURS, state: "RELATED" | "UNTRACKED"): Layer => {
    const parts = types.map(([, type, code], index): Part => {
      const shape: Shape = [
        ["icmptype", type],
        ["icmpcode", code],
        ["sport", undefined],
        ["dport", undefined],
        ["tcpflags", undefined],
      ];
      return packets(model, path, index, kind, CT_STATE[state], shape);
    });
    return { about: "packet", sort, names: types.map(([name]) => name), state, folds: false, parts };
  };
  const errors = layer("about sessions", ERRORS[model.family], "RELATED");
  return model.family === 4 || path === "local" ? [errors] : [errors, layer("between neighbours", NEIGHBOURS, "UNTRACKED")];
}

const ERRORS: Readonly<Record<4 | 6, readonly (readonly [name: string, type: number, code: number])[]>> = {
  4: [
    ["icmp host-unreachable", 3, 1],
    ["icmp port-unreachable", 3, 3],
    ["icmp fragmentation-needed", 3, 4],
    ["icmp time-exceeded", 11, 0],
    ["icmp parameter-problem", 12, 0],
    ["icmp redirect", 5, 1],
    ["icmp source-quench", 4, 0],
  ],
  6: [
    ["icmpv6 destination-unreachable", 1, 0],
    ["icmpv6 packet-too-big", 2, 0],
    ["icmpv6 time-exceeded", 3, 0],
    ["icmpv6 parameter-problem", 4, 0],
  ],
};

const NEIGHBOURS: readonly (readonly [name: string, type: number, code: number])[] = [
  ["icmpv6 router-solicitation", 133, 0],
  ["icmpv6 router-advertisement", 134, 0],
  ["icmpv6 neighbour-solicitation", 135, 0],
  ["icmpv6 neighbour-advertisement", 136, 0],
];

/** What logging and marking do to packets that end the same way on both sides: the first packets of sessions, and later ones. */
export function strictLayers(model: FamilyModel, path: Path): Layer[] {
  const [{ kinds }] = sides(model);
  // Where they end differently, sessions say so.
  const part =
    (state: number) =>
    (kind: SessionKind, index: number): Part =>
      packets(model, path, index, kind, state, state === CT_STATE.NEW ? kind.opener : (kind.restClient[0] ?? kind.opener), true);
  return [
    folding("that open sessions", kinds.map(part(CT_STATE.NEW)), undefined),
    folding("of sessions that are open", kinds.map(part(CT_STATE.ESTABLISHED)), "ESTABLISHED"),
  ];
}
