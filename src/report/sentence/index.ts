/** Rules and chains in English, from what they mean and never from the names of extensions. */
export { actionText, type Standing } from "./action.ts";
export { chainSentence } from "./chain.ts";
export { rateNotes } from "./rate-notes.ts";
export { nextText, remarkOf, ruleSentence, ruleTraffic } from "./rule.ts";
export { trafficOf, type Traffic } from "./traffic.ts";
export { atMost, both, capital, count, duration, either } from "./words.ts";
