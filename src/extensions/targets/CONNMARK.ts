import type { Action } from "../../predicate/index.ts";
import {
  bits32,
  bounded,
  finallyChecked,
  markMask,
  markOperation,
  optionName,
  printMasked,
  UsageError,
  type Given,
  type Options,
  type TargetType,
} from "../../xtables/index.ts";

const OPERATIONS = ["set-xmark", "set-mark", "and-mark", "or-mark", "xor-mark", "save-mark", "restore-mark"];
const others = (name: string): readonly string[] => OPERATIONS.filter(other => other !== name);
const operation = (name: string): { readonly excludes: readonly string[] } => ({ excludes: others(name) });
/** The kernel refuses 32, which iptables lets through. */
const SHIFT_MAX = 32;

const spec = {
  "set-xmark": {
    value: markMask,
    ...operation("set-xmark"),
    help: "Clear the bits of the mask in the connection's mark, then flip those of the value.",
  },
  "set-mark": {
    value: markMask,
    ...operation("set-mark"),
    help: "Clear the bits of the mask in the connection's mark, then set those of the value.",
  },
  "and-mark": { value: bits32, ...operation("and-mark"), help: "Keep only these bits of the connection's mark." },
  "or-mark": { value: bits32, ...operation("or-mark"), help: "Set these bits of the connection's mark." },
  "xor-mark": { value: bits32, ...operation("xor-mark"), help: "Flip these bits of the connection's mark." },
  "save-mark": { ...operation("save-mark"), help: "Copy the packet's mark to the connection." },
  "restore-mark": { ...operation("restore-mark"), help: "Copy the connection's mark to the packet." },
  "left-shift-mark": { value: bounded(0, SHIFT_MAX), help: "Shift the result to the left." },
  "right-shift-mark": { value: bounded(0, SHIFT_MAX), help: "Shift the result to the right." },
  ctmask: { value: bits32, excludes: ["mask"], help: "Bits of the connection's mark that take part." },
  nfmask: { value: bits32, excludes: ["mask"], help: "Bits of the packet's mark that take part." },
  mask: { value: bits32, excludes: ["ctmask", "nfmask"], help: "Both masks at once." },
} as const;

/** Kernel: struct xt_connmark_tginfo2. */
interface Connmark {
  readonly mode: "set" | "save" | "restore";
  readonly ctmark: number;
  readonly ctmask: number;
  readonly nfmask: number;
  /** Bits to the left, or to the right when negative. */
  readonly shift: number;
}

/** Later options overwrite what earlier ones set, masks included, as in libxt_CONNMARK. */
function fold(given: readonly Given[], found: Options<typeof spec>): Connmark {
  let mode: Connmark["mode"] | undefined;
  const info = { ctmark: 0, ctmask: 0xffffffff, nfmask: 0xffffffff, shift: 0 };
  const set = (ctmark: number, ctmask: number): void => {
    mode = "set";
    Object.assign(info, { ctmark, ctmask: ctmask >>> 0 });
  };
  const steps: Readonly<Record<keyof typeof spec, () => void>> = {
    "set-xmark": () => found["set-xmark"] && set(found["set-xmark"].value.value, found["set-xmark"].value.mask),
    "set-mark": () => found["set-mark"] && set(found["set-mark"].value.value, found["set-mark"].value.value | found["set-mark"].value.mask),
    "and-mark": () => found["and-mark"] && set(0, ~found["and-mark"].value),
    "or-mark": () => found["or-mark"] && set(found["or-mark"].value, found["or-mark"].value),
    "xor-mark": () => found["xor-mark"] && set(found["xor-mark"].value, 0),
    "save-mark": () => (mode = "save"),
    "restore-mark": () => (mode = "restore"),
    "left-shift-mark": () => (info.shift = found["left-shift-mark"]?.value ?? 0),
    "right-shift-mark": () => (info.shift = -(found["right-shift-mark"]?.value ?? 0)),
    ctmask: () => (info.ctmask = found.ctmask?.value ?? 0),
    nfmask: () => (info.nfmask = found.nfmask?.value ?? 0),
    mask: () => (info.ctmask = info.nfmask = found.mask?.value ?? 0),
  };
  for (const { option } of given) steps[optionName(spec, option) as keyof typeof spec]();
  if (!mode) throw new UsageError("CONNMARK target: No operation specified");
  return { mode, ...info };
}

/** xt_connmark.c, connmark_tg_shift. Without a connection nothing happens. */
function lower({ mode, ctmark, ctmask, nfmask, shift }: Connmark): Action {
  switch (mode) {
    case "save":
      return { do: "set", field: "ctmark", clear: ctmask, value: { field: "mark", mask: nfmask, shift } };
    case "restore":
      return { do: "set", field: "mark", clear: nfmask, value: { field: "ctmark", mask: ctmask, shift } };
    case "set": {
      if (shift === 0) return { do: "set", field: "ctmark", clear: ctmask, value: ctmark };
      // Here the whole new mark is shifted, the kept bits with it.
      const flip = (shift < 0 ? ctmark >>> -shift : ctmark << shift) >>> 0;
      return { do: "set", field: "ctmark", clear: 0xffffffff, value: { field: "ctmark", mask: ~ctmask >>> 0, shift, flip } };
    }
  }
}

const hex = (n: number): string => `0x${n.toString(16)}`;

function shiftWords(shift: number, dashes: string): string {
  return shift === 0 ? "" : ` ${dashes}${shift < 0 ? "right" : "left"}-shift-mark ${Math.abs(shift)}`;
}

function listing({ mode, ctmark, ctmask, nfmask }: Connmark): string {
  if (mode === "set") return markOperation({ value: ctmark, mask: ctmask });
  if (ctmask === nfmask) return ctmask === 0xffffffff ? mode : `${mode} mask ${hex(ctmask)}`;
  return mode === "save" ? `save nfmask ${hex(nfmask)} ctmask ~${hex(ctmask)}` : `restore ctmask ${hex(ctmask)} nfmask ~${hex(nfmask)}`;
}

/** `-j CONNMARK`: sets the connection's mark, or copies it to or from the packet's. Kernel: xt_connmark.c, connmark_tg_v2. */
export const CONNMARK: TargetType<Connmark> = {
  name: "CONNMARK",
  help: "Set the connection's mark, save the packet's mark in it, or restore it from there.",
  needs: () => ["conntrack"],
  options: {
    ...finallyChecked(spec, (found, given) => fold(given, found)),
    save({ mode, ctmark, ctmask, nfmask, shift }) {
      const operation =
        mode === "set"
          ? `--set-xmark ${printMasked({ value: ctmark, mask: ctmask })}`
          : `--${mode}-mark --nfmask ${hex(nfmask)} --ctmask ${hex(ctmask)}`;
      return `${operation}${shiftWords(shift, "--")}`;
    },
  },
  check: ({ shift }) => (Math.abs(shift) < SHIFT_MAX ? undefined : "CONNMARK target: a mark of 32 bits cannot be shifted by 32"),
  lower,
  list: info => `CONNMARK ${listing(info)}${shiftWords(info.shift, "")}`,
};
