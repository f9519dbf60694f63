import type { JSX } from "preact";
import { printable } from "../../report/index.ts";
import { showRule } from "../state/actions.ts";
import { currentStep, traced, type ConnectionEntry, type TracedPacket } from "../state/traced.ts";

/** The packet that the trace stands at: how it was sent, how it arrived, who decided, and its connection in the table. */
export function PacketCard(): JSX.Element | null {
  const index = currentStep.value?.packet;
  const packet = index === undefined ? undefined : traced.value?.packets[index];
  if (index === undefined || packet === undefined) return null;
  return (
    <section class="trace-packet stack" aria-label="The packet that is looked at">
      <dl class="trace-facts">
        <div>
          <dt>{packet.from === undefined ? "packet" : `packet ${index + 1}, from the ${packet.from}`}</dt>
          <dd class="rule-text">{printable(packet.sent)}</dd>
        </div>
        {packet.arrived === undefined || packet.arrived === packet.sent ? null : (
          <div>
            <dt>arrives as</dt>
            <dd class="rule-text">{printable(packet.arrived)}</dd>
          </div>
        )}
        <div>
          <dt>decided by</dt>
          <dd>
            <Decider packet={packet} />
          </dd>
        </div>
        {packet.answers.map(({ kind, packet: answer }) => (
          <div key={answer}>
            <dt>{printable(kind)}</dt>
            <dd class="rule-text">{printable(answer)}</dd>
          </div>
        ))}
        {packet.logs.map((line, at) => (
          <div key={at}>
            <dt>kernel log</dt>
            <dd class="rule-text">{printable(line)}</dd>
          </div>
        ))}
        <div>
          <dt>connection table</dt>
          <dd>
            <Entry entry={packet.entry} accepted={packet.accepted} state={packet.state} />
          </dd>
        </div>
      </dl>
    </section>
  );
}

function Decider({ packet }: { readonly packet: TracedPacket }): JSX.Element {
  const { decidedBy, reason } = packet;
  if (decidedBy === undefined) return <span class="from-rules">{reason === "" ? "no rule" : printable(reason)}</span>;
  const { family, table, chain, number, line, text } = decidedBy;
  if (number === undefined || line <= 0)
    return (
      <span class="from-rules">
        {number === undefined
          ? `the policy of ${table} ${printable(chain)}`
          : `${table} ${printable(chain)} rule ${number}: ${printable(text)}`}
      </span>
    );
  return (
    <>
      <span class="from-rules">
        {table} {printable(chain)} rule {number}:{" "}
      </span>
      <button type="button" class="act rule-text" title={`Show line ${line} in the editor`} onClick={() => showRule({ family, line })}>
        {printable(text)}
      </button>
    </>
  );
}

function Entry({
  entry,
  accepted,
  state,
}: {
  readonly entry: ConnectionEntry | undefined;
  readonly accepted: boolean;
  readonly state: string | undefined;
}): JSX.Element {
  if (entry === undefined)
    return (
      <span class="soft">
        {state === undefined || state === "UNTRACKED"
          ? "no entry: this packet is not tracked"
          : accepted
            ? "no entry"
            : "no entry: the packet was gone before its connection was put in"}
      </span>
    );
  return (
    <span class="stack">
      <span class="row">
        <strong>{printable(entry.title)}</strong>
        <span class={`badge ${entry.unreplied ? "warn" : "accept"}`}>{entry.unreplied ? "unreplied" : "replied"}</span>
        {entry.assured ? <span class="badge accept">assured</span> : null}
        <span class="soft">forgotten in {duration(entry.seconds)}</span>
        {entry.translated === undefined ? null : (
          <span class="badge nat from-rules">translated: answers are {printable(entry.translated)}</span>
        )}
      </span>
      <span class="rule-text small soft">{printable(entry.text)}</span>
    </span>
  );
}

/** Seconds as people say them. */
export function duration(seconds: number): string {
  const [count, unit] =
    seconds >= 172_800
      ? [seconds / 86_400, "days"]
      : seconds >= 7200
        ? [seconds / 3600, "hours"]
        : seconds >= 300
          ? [seconds / 60, "minutes"]
          : [seconds, "s"];
  return `${Math.round(count)} ${unit}`;
}
