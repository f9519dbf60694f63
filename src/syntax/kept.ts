import { opaque } from "../predicate/index.ts";
import { noOptions, quoteArgument, type Match, type Target } from "../xtables/index.ts";
import type { Loaded } from "./spoken.ts";

const words = ({ words: given }: Loaded): string =>
  given.map(word => (/^[-!\w.:/,+=]+$/.test(word) ? word : quoteArgument(word))).join(" ");

/** A match that nobody knows, kept by --lenient: its text stays, and it is an opaque condition that the engine takes to fail. */
export function keptMatch(loaded: Loaded): Match {
  const { name } = loaded;
  const options = words(loaded);
  const save = options === "" ? `-m ${name}` : `-m ${name} ${options}`;
  const about = `${save}, which is not modelled`;
  const lowered = { predicate: opaque({ name: `unknown:${name}`, about, depends: "packet", start: () => undefined, step: () => false }) };
  return {
    name,
    type: { name, help: about, options: noOptions, lower: () => lowered, list: () => `${name} ${options}`.trim() },
    info: {},
    lowered,
    save,
    needs: [],
    list: () => `${name} ${options}`.trim(),
    check: () => undefined,
  };
}

/** A target that nobody knows, kept by --lenient. */
export function keptTarget(loaded: Loaded): Target {
  const { name } = loaded;
  const options = words(loaded);
  const save = options === "" ? `-j ${name}` : `-j ${name} ${options}`;
  return {
    name,
    type: undefined,
    info: {},
    action: { do: "unknown", name, about: `${save}, which is not modelled` },
    save,
    needs: [],
    list: () => options,
    check: () => undefined,
  };
}
