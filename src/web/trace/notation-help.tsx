import { useRef } from "preact/hooks";
import type { JSX } from "preact";
import { question } from "../state/traced.ts";

const WORDS: readonly (readonly [word: string, about: string])[] = [
  ["session", "first of all: not the packet alone but the whole session that it opens, both ways"],
  ["syn, ack, syn+ack, fin+ack, rst, none …", "TCP flags; a packet that says none is a SYN"],
  ["echo-request, port-unreachable, 3/4 …", "the ICMP type, by iptables' name or as type/code"],
  [
    "in IF, out IF",
    "the interface it comes in on, or leaves by; where nobody describes the machine, in alone means for it, out alone from it, both passed on",
  ],
  ["mark N, tos N, ttl N, len N", "the packet's mark and parts of its header; len is the whole packet in bytes"],
  ["ct STATE", "suppose that tracking calls it NEW, ESTABLISHED, RELATED, INVALID or UNTRACKED"],
  ["uid N, gid N", "who sends it, for packets of this machine"],
  ["mac AA:BB:…, pkttype broadcast", "the sender's hardware address, and whom the frame is for"],
  ["frag 0+, df, ipid N", "a fragment by its offset, + when more follow; must not be cut; its id"],
  ["seq N, ack N, win N, mss N", "parts of the TCP header"],
  ["id N, seq N", "of an ICMP question"],
  ['data "text", data 0x…', "what it carries"],
  ["badsum, raw", "with a wrong checksum; without a transport header"],
];

const EXAMPLES: readonly (readonly [text: string, about: string])[] = [
  ["session tcp 203.0.113.9 > 198.51.100.2:22 in eth0", "can somebody outside open ssh here?"],
  ["tcp 203.0.113.9:40000 > 198.51.100.2:443 ack in eth0", "what becomes of an ACK that nobody asked for?"],
  ["udp [2001:db8::9]:53 > [2001:db8::1]:33000 in eth0", "IPv6 addresses with ports stand in brackets"],
  ["icmp 203.0.113.9 > 198.51.100.2 echo-request in eth0", "a ping"],
  ["udp 10.0.0.5:5000 > 192.0.2.80:53 in lan0 out wan0", "a packet that is passed on"],
];

/** A button that explains the packet notation. */
export function NotationHelp(): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  return (
    <>
      <button type="button" class="act" aria-haspopup="dialog" onClick={() => dialog.current?.showModal()}>
        Notation help
      </button>
      <dialog class="dialog trace-help" ref={dialog} aria-labelledby="trace-help-title">
        <div class="row">
          <h2 id="trace-help-title">The packet notation</h2>
          <span class="spacer" />
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </div>
        <p>
          <code>[session] PROTOCOL SOURCE &gt; DESTINATION words …</code>
        </p>
        <p class="soft">Addresses take a port after a colon. The words may come in any order; what is left out is taken as usual.</p>
        <h3>Words</h3>
        <dl class="trace-words">
          {WORDS.map(([word, about]) => (
            <div key={word}>
              <dt>
                <code>{word}</code>
              </dt>
              <dd>{about}</dd>
            </div>
          ))}
        </dl>
        <h3>Examples</h3>
        <ul class="trace-examples">
          {EXAMPLES.map(([text, about]) => (
            <li key={text}>
              <button
                type="button"
                class="act"
                onClick={() => {
                  question.value = text;
                  dialog.current?.close();
                }}
              >
                <code>{text}</code>
              </button>
              <span class="soft"> {about}</span>
            </li>
          ))}
        </ul>
      </dialog>
    </>
  );
}
