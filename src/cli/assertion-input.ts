import { dirname, isAbsolute, join } from "node:path";
import { readAssertions, type AssertionFile, type PlacedText } from "../analysis/assertions/index.ts";
import { InputFault, usageFault } from "./fault.ts";
import { readText } from "./input.ts";
import type { HostOptions, RulesFlags } from "./input.ts";

/** A file of assertions and where it lies. */
export interface LoadedAssertions {
  readonly path: string;
  readonly text: string;
  readonly file: AssertionFile;
}

/** Reads a file of assertions; throws an InputFault. */
export async function loadAssertions(path: string): Promise<LoadedAssertions> {
  const text = await readText(path);
  const { value, faults } = readAssertions(path === "-" ? "<stdin>" : path, text);
  if (value === undefined) throw new InputFault(faults, text);
  return { path, text, file: value };
}

/** A file's name in a file of assertions, as seen from the working directory. */
export const besideAssertions = ({ path }: LoadedAssertions, name: string): string =>
  isAbsolute(name) || path === "-" ? name : join(dirname(path), name);

/** The rules, and the options that the file gives; those of the command line go before them. */
export function inputsOf(
  loaded: LoadedAssertions,
  rules: string | undefined,
  flags: RulesFlags & HostOptions,
): { readonly rules: string; readonly flags: RulesFlags & HostOptions } {
  const { file, path } = loaded;
  const at = (named: PlacedText | undefined): string | undefined => named && besideAssertions(loaded, named.text);
  const asked = rules ?? at(file.rules);
  if (asked === undefined) throw usageFault(path, "says no rules: give it `rules: FILE`, or the command --rules FILE");
  const [v6, host, ipset, resolve] = [
    // The IPv6 rules of the file go with its other rules.
    flags.v6 ?? (rules === undefined ? at(file.v6) : undefined),
    flags.host ?? at(file.host),
    flags.ipset ?? at(file.ipset),
    flags.resolve ?? (file.resolve?.text === "dns" ? "dns" : at(file.resolve)),
  ];
  return {
    rules: asked,
    flags: {
      ...flags,
      ...(v6 !== undefined && { v6 }),
      ...(host !== undefined && { host }),
      ...(ipset !== undefined && { ipset }),
      ...(resolve !== undefined && { resolve }),
    },
  };
}
