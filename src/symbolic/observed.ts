/** What leaves tell apart besides verdicts and NAT. */
export interface Observed {
  /** LOG and NFLOG lines, marks of packets and connections, service types. */
  readonly effects: boolean;
}
