import { CT_STATE, CT_STATUS, type Range } from "../../predicate/index.ts";
import { either } from "./words.ts";

/** What it means to be in a state, as the end of "a packet that …". */
const STATE_TEXTS: readonly (readonly [state: number, name: string, text: string])[] = [
  [CT_STATE.NEW, "NEW", "starts a connection"],
  [CT_STATE.ESTABLISHED, "ESTABLISHED", "belongs to an open connection"],
  [CT_STATE.RELATED, "RELATED", "is related to an open connection"],
  [CT_STATE.INVALID, "INVALID", "fits no connection"],
  [CT_STATE.UNTRACKED, "UNTRACKED", "is not tracked"],
];

const ONGOING = [CT_STATE.ESTABLISHED, CT_STATE.RELATED];

/** `starts a connection (NEW)`; several states become one verb phrase with "or". Negated, the states that are left are told. Undefined for all states. */
export function stateText(ranges: readonly Range[], negated: boolean): string | undefined {
  const wanted = STATE_TEXTS.filter(([state]) => ranges.some(([low, high]) => low <= state && state <= high) !== negated);
  const names = wanted.map(([, name]) => name).join(", ");
  if (wanted.length === 0) return "is in no state at all";
  if (wanted.length === STATE_TEXTS.length) return undefined;
  const [missing] = STATE_TEXTS.filter(each => !wanted.includes(each));
  if (wanted.length === STATE_TEXTS.length - 1 && missing) return `is in any state but ${missing[1]}`;
  const ongoing = ONGOING.every(state => wanted.some(([each]) => each === state));
  if (wanted.length === 2 && ongoing) return `belongs or is related to an open connection (${names})`;
  if (wanted.length > 2) return `is in state ${either(wanted.map(([, name]) => name))}`;
  return either(wanted.map(([, name, text]) => `${text} (${name})`));
}

/** What a status bit says of a connection, as the end of "whose connection …", and its opposite. */
const STATUS_TEXTS: ReadonlyMap<number, readonly [yes: string, no: string]> = new Map([
  [CT_STATUS.EXPECTED, ["was expected by a helper", "was not expected by a helper"]],
  [CT_STATUS.SEEN_REPLY, ["has been answered", "has not been answered yet"]],
  [CT_STATUS.ASSURED, ["is assured (traffic went both ways)", "is not assured"]],
  [CT_STATUS.CONFIRMED, ["is confirmed", "is not confirmed yet"]],
  [CT_STATUS.SRC_NAT, ["has its source translated (SNAT)", "has no translated source"]],
  [CT_STATUS.DST_NAT, ["has its destination translated (DNAT)", "has no translated destination"]],
]);

/** `whose connection has been answered`; undefined for bits that no rule asks for. */
export function statusText(bit: number, negated: boolean): string | undefined {
  const texts = STATUS_TEXTS.get(bit);
  return texts && `whose connection ${texts[negated ? 1 : 0]}`;
}
