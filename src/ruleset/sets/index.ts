/** Ipsets: the sets of a machine by name, and what packets and people ask of them. */
export { Sets, type MappedGift, type NamedSet } from "./sets.ts";
export { IpSet, type SetOptions } from "./ip-set.ts";
export type { Element } from "./element.ts";
export type { CreateRequest, EntryRequest, Gifts, Refusal, SkbInfo } from "./request.ts";
export { secondsLeft, type Extras } from "./extras.ts";
export type { Listed } from "./set-body.ts";
export { findSetType, SET_TYPES, type Method, type Part, type SetType } from "./set-type.ts";
