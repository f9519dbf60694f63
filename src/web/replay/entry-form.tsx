import { useId } from "preact/hooks";
import type { JSX } from "preact";
import { reading } from "../state/reading.ts";
import { entry } from "./running.ts";

/** Where packets come in, for captures that do not say it. What is written counts when its field is left. */
export function EntryForm(): JSX.Element {
  const names = useId();
  const { device, networks } = entry.value;
  const change = (words: Partial<typeof entry.value>): void => {
    const next = { ...entry.peek(), ...words };
    if (next.device !== entry.peek().device || next.networks !== entry.peek().networks) entry.value = next;
  };
  return (
    <details class="card" open={device !== "" || networks !== ""}>
      <summary class="card-title">Where packets come in</summary>
      <div class="card-body stack">
        <p class="small soft">
          A packet from an address of the machine is sent by it; any other comes in: on the interface that the capture names, else by its
          network, else on the interface below, else on the one that leads back to its source.
        </p>
        <div class="replay-entry">
          <div class="field">
            <label for={`${names}-device`}>Interface of all others</label>
            <input
              id={`${names}-device`}
              class="input mono"
              list={`${names}-list`}
              value={device}
              placeholder="eth0"
              spellcheck={false}
              autocapitalize="off"
              onChange={event => change({ device: event.currentTarget.value })}
            />
            <datalist id={`${names}-list`}>
              {(reading.value?.interfaces ?? []).map(name => (
                <option key={name} value={name} />
              ))}
            </datalist>
          </div>
          <div class="field">
            <label for={`${names}-networks`}>By network: one NETWORK=INTERFACE on each line</label>
            <textarea
              id={`${names}-networks`}
              class="input"
              rows={3}
              value={networks}
              placeholder={"192.168.0.0/16=lan0\n0.0.0.0/0=wan0"}
              spellcheck={false}
              onChange={event => change({ networks: event.currentTarget.value })}
            />
          </div>
        </div>
      </div>
    </details>
  );
}
