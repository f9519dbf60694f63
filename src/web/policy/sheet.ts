import type { GridAxis } from "../../report/index.ts";
import type { PolicyView } from "./view.ts";

interface Place {
  /** The policy that the indexes are of. */
  readonly of: PolicyView;
  readonly section: number;
  readonly axis: GridAxis;
  readonly column: number;
}

/** What the sheet shows: a cell of a section's matrix, or the addresses of a column. */
export type Sheet = (Place & { readonly is: "cell"; readonly line: number }) | (Place & { readonly is: "column" });

/** The same cell or column in another policy; undefined where it has none. */
export function moved(sheet: Sheet, policy: PolicyView): Sheet | undefined {
  if (sheet.of === policy) return sheet;
  const before = sheet.of.sections[sheet.section];
  const section = policy.sections.findIndex(({ family, path }) => family === before?.family && path === before.path);
  const now = policy.sections[section];
  if (!before || !now) return undefined;
  const { axis } = sheet;
  const addresses = before.matrices[axis].columns[sheet.column]?.addresses;
  const column = now.matrices[axis].columns.findIndex(each => each.addresses === addresses);
  if (column < 0) return undefined;
  if (sheet.is === "column") return { ...sheet, of: policy, section, column };
  const name = before.lines[sheet.line]?.name;
  const line = now.lines.findIndex(each => each.name === name);
  return line < 0 ? undefined : { ...sheet, of: policy, section, column, line };
}
