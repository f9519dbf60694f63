/** Results as plain data and as text: the only input of both front ends. */
export { packetText } from "./packet-text.ts";
export { jsonText, printable, printableLines } from "./printable.ts";
export { packetStatus, sessionLines, sessionStatus } from "./session-lines.ts";
export { conditionWords, inWords } from "./policy-conditions.ts";
export { assertionsInWords, detailInWords, diffInWords, lintInWords, queryInWords, wordsFor, type InWords } from "./in-words.ts";
export { policyCsv } from "./policy-csv.ts";
export { gridColumns, type GridAxis, type GridColumn } from "./policy-grid.ts";
export { policyHtml } from "./policy-html.ts";
export { POLICY_JSON_VERSION, policyJson } from "./policy-json.ts";
export { policyLines, type PolicyDetail } from "./policy-lines.ts";
export { matrixJson, matrixText } from "./policy-matrix.ts";
export { policySvg } from "./policy-svg.ts";
export {
  dependsText,
  exactText,
  failureText,
  HALF_WORDS,
  interfacesText,
  PATH_WORDS,
  pointerPlace,
  pointerText,
  ROLE_WORDS,
  sectionTitle,
  servicesText,
  STRAY_WORDS,
} from "./policy-words.ts";
export { connectionLines, countersText } from "./replay-listings.ts";
export { createReplay, type Replay, type ReplayOptions } from "./replay.ts";
export { chainJson, EXPLAIN_JSON_VERSION, listsJson } from "./explain-json.ts";
export { chainLines, listLines, ruleLines } from "./explain-text.ts";
export { chainSentence, rateNotes, ruleSentence, ruleTraffic, type Standing, type Traffic } from "./sentence/index.ts";
export { type ComesFrom, type EntryHints } from "./replay-entry.ts";
export { REPLAY_JSON_VERSION, replayJson } from "./replay-json.ts";
export { replayLines, type ReplayDetail } from "./replay-lines.ts";
export { type DropCause, type Dropper } from "./replay-dropper.ts";
export { type DroppedSession, type SeenSession, type SessionEnd } from "./replay-session.ts";
export { DROPPED_SESSION_LIMIT, FLOW_LIMIT } from "./replay-sessions.ts";
export { endsText, protocolText } from "./replay-session-text.ts";
export { count, counted, moment, share, size, span } from "./replay-text.ts";
export { type ReplaySummary, type ReplayVerdict, type Translation } from "./replay-summary.ts";
export { type Amount } from "./replay-tally.ts";
export { ruleWords } from "./rule-words.ts";
export { witnessText } from "./witness-text.ts";
export { lineText, type Line, type Span, type Tone } from "./span.ts";
export { RULESET_JSON_VERSION, rulesetJson } from "./ruleset-json.ts";
export { timeline, TimelineRecorder, type TimelineData } from "./timeline.ts";
export { outcomeJson, sessionJson, TRACE_JSON_VERSION, type Json } from "./trace-json.ts";
export { rewriteText, routeText, traceLines, type TraceDetail } from "./trace-lines.ts";
export { fieldName, showValue } from "./value.ts";
export { isAccepted } from "./accepted.ts";
export { decisionText, errnoText, senderText, verdictLines } from "./verdict-lines.ts";
export { predicateText, whyNot } from "./wanted.ts";
export { findingGroups, type FindingGroup } from "./finding-groups.ts";
export { LINT_JSON_VERSION, lintFixJson, lintJson } from "./lint-json.ts";
export { lintAnnotations } from "./lint-github.ts";
export { lintSarif } from "./lint-sarif.ts";
export { fixLines, kindLines, lintLines, type LintDetail } from "./lint-text.ts";
export { QUERY_JSON_VERSION, queryJson } from "./query-json.ts";
export { queryLines } from "./query-text.ts";
export { ASSERTION_JSON_VERSION, assertionJson } from "./assertion-json.ts";
export { assertionJunit } from "./assertion-junit.ts";
export { assertionTap } from "./assertion-tap.ts";
export { assertionLines } from "./assertion-text.ts";
export { DIFF_JSON_VERSION, diffJson } from "./diff-json.ts";
export { diffLines, type DiffDetail } from "./diff-lines.ts";
export { OPTIMIZE_JSON_VERSION, optimizeJson } from "./optimize-json.ts";
export { optimizeLines, type OptimizeDetail } from "./optimize-lines.ts";
export { type KernelTime, type KernelTiming, type OptimizedFamily } from "./optimize-report.ts";
export { commentedRules, type RulesDetail } from "./optimize-rules.ts";
export { unresolvedNames } from "./unresolved.ts";
export { packetHints, sessionHints } from "./hints.ts";
export { missingRules } from "./missing-rules.ts";
export { connectionText, expectationText, trackingText } from "./tracking-text.ts";
