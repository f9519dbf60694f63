/** What tells two firewalls apart, proven for all sessions and packets. */
export { isAside, isEqual, type Change, type DiffReport, type DiffRow, type Fate, type Undone } from "./diff-report.ts";
export { compareFirewalls, type CompareOptions } from "./compare.ts";
export { compareFamilies } from "./families.ts";
