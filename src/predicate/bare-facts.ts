import { NO_CONNECTIONS, type Facts, type Field, type Moment, type Value } from "./field.ts";
import type { Family } from "./family.ts";
import type { Opaque, StateStore } from "./predicate.ts";

/** Facts of a packet of which its fields are known and nothing else: no bytes, no connection table, no IPsec. */
export function bareFacts(family: Family, value: (field: Field) => Value = () => undefined): Facts {
  return {
    family,
    value,
    bytes: new Uint8Array(),
    l4: 0,
    end: 0,
    connections: NO_CONNECTIONS,
    securityPath: () => [],
    setLabel: () => false,
    setMark: () => undefined,
  };
}

/** A store that starts each step at `moment` when it is first asked, and knows no sets. */
export function bareStore(moment: Moment): StateStore {
  const states = new Map<unknown, unknown>();
  return {
    state(opaque: Opaque) {
      const key = opaque.share ?? opaque;
      if (!states.has(key)) states.set(key, opaque.start(moment));
      return states.get(key);
    },
    member: () => false,
  };
}
