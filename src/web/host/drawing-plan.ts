import type { HostInterface } from "./page.ts";

/** A box of the drawing, in CSS pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One interface in the drawing, with what lies behind it. */
export interface DrawnInterface {
  readonly from: HostInterface;
  readonly box: Box;
  /** Lines of text in its box: its name first. */
  readonly lines: readonly string[];
  readonly networks: readonly { readonly box: Box; readonly name: string; readonly via: string | undefined }[];
}

/** The whole drawing: the machine at the left, its interfaces, the networks behind them at the right. */
export interface Plan {
  readonly width: number;
  readonly height: number;
  readonly machine: Box;
  readonly interfaces: readonly DrawnInterface[];
}

const LINE = 16;
const PAD = 8;
const GAP = 10;

/** Places everything in a drawing of a given width. Loopback is left out: nothing is behind it. */
export function planHost(all: readonly HostInterface[], width: number): Plan {
  const machineWidth = Math.max(58, Math.round(width * 0.16));
  const middleWidth = Math.max(104, Math.round(width * 0.32));
  const gap = Math.max(14, Math.round(width * 0.06));
  const middle = machineWidth + gap;
  const right = middle + middleWidth + gap;
  const rightWidth = Math.max(80, width - right);
  const interfaces: DrawnInterface[] = [];
  let y = 0;
  for (const from of all) {
    if (from.link === "loopback") continue;
    const lines = [
      from.name,
      ...(from.up ? [] : ["down"]),
      ...(from.bridge === undefined ? [] : [`port of ${from.bridge}`]),
      ...from.addresses.slice(0, ADDRESSES_DRAWN),
      ...(from.addresses.length > ADDRESSES_DRAWN ? [`and ${from.addresses.length - ADDRESSES_DRAWN} more`] : []),
    ];
    let below = y;
    const networks = from.networks.slice(0, NETWORKS_DRAWN).map(({ name, via }) => {
      const height = PAD * 2 + LINE * (via === undefined ? 1 : 2);
      const box = { x: right, y: below, width: rightWidth, height };
      below += height + GAP;
      return { box, name, via };
    });
    const own = PAD * 2 + LINE * lines.length;
    const height = Math.max(own, below - y - GAP);
    interfaces.push({ from, box: { x: middle, y: y + (height - own) / 2, width: middleWidth, height: own }, lines, networks });
    y += height + GAP * 2;
  }
  const height = Math.max(y - GAP * 2, PAD * 2 + LINE * 3);
  return { width, height, machine: { x: 0, y: 0, width: machineWidth, height }, interfaces };
}

const ADDRESSES_DRAWN = 4;
const NETWORKS_DRAWN = 8;

/** The text cut to what fits into so many pixels of the drawing's type. */
export function fitted(text: string, width: number): string {
  const most = Math.max(3, Math.floor((width - PAD * 2) / CHARACTER));
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** Width of a character of the drawing's type, in pixels. */
const CHARACTER = 6.9;

/** Where the lines of a box's text stand. */
export const baseline = ({ y }: Box, line: number): number => y + PAD + LINE * line + 12;
export const TEXT_INSET: number = PAD;
