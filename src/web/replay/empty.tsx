import type { JSX } from "preact";
import { OpenButton } from "./open-button.tsx";
import { openSample } from "./running.ts";

/** What the panel says before there is a capture. */
export function EmptyReplay(): JSX.Element {
  return (
    <div class="replay-empty stack">
      <h2>Run a capture through these rules</h2>
      <p>
        Drop a <code>.pcap</code> or <code>.pcapng</code> file here (gzip is fine), or open one. Its packets meet the rules in the editor,
        on the capture’s own clock; you see what is let through, what is dropped and by which rule. Nothing leaves this page.
      </p>
      <div class="row">
        <OpenButton primary />
        <button type="button" class="button" onClick={() => void openSample()}>
          Try a sample
        </button>
      </div>
      <p class="soft small">
        To make a capture on a router: <code>tcpdump -i any -w monday.pcap</code>. The sample is ten minutes of made-up traffic at the
        machine of the Host panel: visitors, errands, scans and a flood of SYNs.
      </p>
    </div>
  );
}
