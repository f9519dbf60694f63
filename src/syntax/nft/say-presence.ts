import type { Field } from "../../predicate/index.ts";
import { fieldText, type FieldText } from "./field-text.ts";
import { ALWAYS, byteThere, NEVER, type Said, type Scene } from "./said.ts";
import { Unsayable } from "./unsayable.ts";

/** Options that end by the header's own length and within the packet: one line for each length. */
const WHOLE_OPTIONS: readonly string[] = Array.from({ length: 11 }, (_, i) => `tcp doff ${i + 5} ${byteThere((i + 5) * 4 - 1)}`);

/** Whether the packet has a field at all. Throws Unsayable. */
export function sayPresent(field: Field, negated: boolean, scene: Scene): Said {
  if (field === "tcpoptions") {
    if (negated) return { kind: "unless", texts: WHOLE_OPTIONS };
    if (scene.known.own.has(field)) return ALWAYS;
    throw new Unsayable("nft cannot say in one test that TCP options are whole");
  }
  const { presence, expression } = presenceOf(field);
  if (presence === "always" || (field === "protocol" && scene.family === 4)) return negated ? NEVER : ALWAYS;
  if (presence === "connection") {
    const text = "ct direction 0-1";
    return negated ? { kind: "unless", texts: [text] } : { kind: "match", text, loads: "connection", onlyLoads: true };
  }
  if (presence === "own") {
    if (field !== "mac") throw new Unsayable(`nft cannot ask whether there is ${expression(scene.family, scene.protocol)} at all`);
    const text = "ether saddr 00:00:00:00:00:00-ff:ff:ff:ff:ff:ff";
    return negated ? { kind: "unless", texts: [text] } : { kind: "match", text, loads: field, onlyLoads: true };
  }
  const text = presence.transport === 0 ? "meta l4proto 0-255" : byteThere(presence.transport - 1);
  return negated ? { kind: "unless", texts: [text] } : { kind: "match", text, loads: "transport", onlyLoads: true };
}

/** Who asks whether a connection has labels or is in a zone asks whether there is one. */
function presenceOf(field: Field): Pick<FieldText, "presence" | "expression"> {
  return field === "ctzone" || field === "ctlabels" ? { presence: "connection", expression: () => "a connection" } : fieldText(field);
}
