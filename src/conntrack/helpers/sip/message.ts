import type { Sight } from "../../helper.ts";
import type { SipText } from "./lengths.ts";

/** What the helper remembers of a signalling connection; ports and numbers are 0 until they are known (struct nf_ct_sip_master). */
export interface SipCall {
  registerSequence: number;
  inviteSequence: number;
  /** The port that a client names in Via, when it is not the one it sends from. */
  forcedPort: number;
}

/** One SIP message in a packet. `end` moves when the message is rewritten. */
export interface SipMessage {
  readonly sight: Sight;
  readonly call: SipCall;
  /** Offset in the packet. */
  readonly start: number;
  end: number;
}

/** The message's text as it stands now. */
export function textOf({ sight, start, end }: SipMessage): SipText {
  return { bytes: sight.carrier.bytes, start, end, family: sight.connection.tuples[0].family };
}
