/**
 * What iptables 1.8.9 itself prints and then refuses to read, or reads as something else: the port offset of SNAT and MASQUERADE, which it takes and forgets;
 * seconds beyond 31 bits, printed as negative; no day at all, where all were negated; every IPComp index, which is index 0 where none is said;
 * a quote in a chain's name; and an exclamation mark at its beginning, which restore takes and -N does not.
 */
export const UNREADABLE: RegExp =
  /-j (?:SNAT --to-source|MASQUERADE --to-ports) \S*\d\/0(?: |$)|-m recent .*--seconds -\d|-m time .*--(?:week|month)days {2}|-m ipcomp(?! (?:! )?--ipcompspi)|^:(?:!|[^ ]*")/m;
