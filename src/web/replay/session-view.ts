import { endsText, type SeenSession } from "../../report/index.ts";
import { droppedBy } from "./played-of.ts";
import type { DroppedBy } from "./played.ts";

/** What the table of sessions can be ordered by. */
export const SESSION_ORDERS = ["first", "session", "packets", "bytes", "lost", "lasts"] as const;
export type SessionOrder = (typeof SESSION_ORDERS)[number];

/** What became of a session's packets: all got through, some were lost, or all. */
export type SessionFate = "passed" | "partly" | "dropped" | "rejected";

/** Which sessions to show, and in which order. Times in ns since 1970. */
export interface SessionView {
  readonly order: SessionOrder;
  readonly descending: boolean;
  /** Words that all occur in a session's own, in any case. */
  readonly search: string;
  readonly fate: SessionFate | "lossy" | "any";
  /** Sessions that were alive then; undefined for all. */
  readonly during: { readonly from: bigint; readonly to: bigint } | undefined;
}

/** One line of the table. */
export interface SessionRow {
  /** Its place among all sessions, from 0. */
  readonly index: number;
  /** `tcp 203.0.113.9:40000 > 198.51.100.2:22` */
  readonly session: string;
  /** In ns: from the capture's first session to its first packet, and to its last one from that. */
  readonly after: bigint;
  readonly lasts: bigint;
  readonly packets: number;
  readonly bytes: number;
  readonly lost: number;
  readonly fate: SessionFate;
  readonly by: DroppedBy | undefined;
  readonly becomes: readonly string[];
  /** In the packet notation: its first packet, or the first that was dropped. */
  readonly packet: string;
  /** That packet's number in the capture, from 1. */
  readonly frame: number;
}

/** Some lines of the table. */
export interface SessionPage {
  readonly total: number;
  readonly all: number;
  readonly rows: readonly SessionRow[];
}

/** Looks at a growing list of sessions. */
export interface SessionTable {
  page(view: SessionView, first: number, count: number): SessionPage;
  /** The list has grown, or what is said of its sessions has changed. */
  changed(): void;
}

/** Words of a session are made once and kept; an order is kept until the view or the list changes. */
export function createSessionTable(sessions: readonly SeenSession[]): SessionTable {
  const words: string[] = [];
  let kept: { readonly key: string; readonly order: readonly number[] } | undefined;
  const wordsOf = (index: number): string => (words[index] ??= endsText(sessions[index] as SeenSession));
  const searched = (index: number): string => {
    const { by } = sessions[index] as SeenSession;
    return `${wordsOf(index)} ${by ? droppedBy(by).place : ""}`.toLowerCase();
  };
  const ordered = (view: SessionView): readonly number[] => {
    const { order, descending, search, fate, during } = view;
    const key = `${order} ${descending} ${fate} ${during?.from ?? ""} ${during?.to ?? ""} ${search}`;
    if (kept?.key === key) return kept.order;
    const wanted = search
      .toLowerCase()
      .split(" ")
      .filter(word => word !== "");
    const chosen: number[] = [];
    for (const [index, session] of sessions.entries()) {
      if (during && (session.last < during.from || session.first > during.to)) continue;
      if (fate !== "any" && !isSo(fateOf(session), fate)) continue;
      if (wanted.length > 0) {
        const text = searched(index);
        if (!wanted.every(word => text.includes(word))) continue;
      }
      chosen.push(index);
    }
    const compare = order === "session" ? bySession : byAmount(order);
    const direction = descending ? -1 : 1;
    chosen.sort((a, b) => direction * compare(a, b) || a - b);
    kept = { key, order: chosen };
    return chosen;
  };
  const bySession = (a: number, b: number): number => (wordsOf(a) < wordsOf(b) ? -1 : wordsOf(a) > wordsOf(b) ? 1 : 0);
  const byAmount = (order: keyof typeof COMPARISONS) => (a: number, b: number) =>
    COMPARISONS[order](sessions[a] as SeenSession, sessions[b] as SeenSession);
  return {
    page(view, first, count) {
      const order = ordered(view);
      const start = sessions[0]?.first ?? 0n;
      const rows = order.slice(first, first + count).map(index => rowOf(sessions[index] as SeenSession, index, wordsOf(index), start));
      return { total: order.length, all: sessions.length, rows };
    },
    changed() {
      kept = undefined;
    },
  };
}

const COMPARISONS: Readonly<Record<Exclude<SessionOrder, "session">, (a: SeenSession, b: SeenSession) => number>> = {
  first: (a, b) => sign(a.first - b.first),
  packets: (a, b) => packetsOf(a) - packetsOf(b),
  bytes: (a, b) => a.bytes - b.bytes,
  lost: (a, b) => lostOf(a) - lostOf(b),
  lasts: (a, b) => sign(a.last - a.first - (b.last - b.first)),
};

const sign = (difference: bigint): number => (difference < 0n ? -1 : difference > 0n ? 1 : 0);
const packetsOf = ({ fromClient, fromServer }: SeenSession): number => fromClient + fromServer;
const lostOf = ({ droppedFromClient, droppedFromServer }: SeenSession): number => droppedFromClient + droppedFromServer;

function fateOf(session: SeenSession): SessionFate {
  const lost = lostOf(session);
  if (lost === 0) return "passed";
  if (lost < packetsOf(session)) return "partly";
  return session.by?.decidedBy?.rule?.target?.action.do === "reject" ? "rejected" : "dropped";
}

const isSo = (fate: SessionFate, wanted: Exclude<SessionView["fate"], "any">): boolean =>
  wanted === "lossy" ? fate !== "passed" : fate === wanted;

function rowOf(session: SeenSession, index: number, text: string, start: bigint): SessionRow {
  const { first, last, bytes, by, becomes, packet, frame } = session;
  return {
    index,
    session: text,
    after: first > start ? first - start : 0n,
    lasts: last - first,
    packets: packetsOf(session),
    bytes,
    lost: lostOf(session),
    fate: fateOf(session),
    by: by && droppedBy(by),
    becomes,
    packet,
    frame,
  };
}
