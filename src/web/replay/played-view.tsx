import type { JSX } from "preact";
import { count, counted, moment, printable, share, size, span } from "../../report/index.ts";
import { FileButtons } from "../controls/file-buttons.tsx";
import { AssumedMachine } from "./assumed-machine.tsx";
import { DroppedByList } from "./dropped-by-list.tsx";
import type { NamedAmount, Played } from "./played.ts";
import { playListing, run } from "./running.ts";
import { SessionsTable } from "./sessions-table.tsx";
import { TimeChart } from "./time-chart.tsx";
import type { PlayListing } from "./work.ts";

/** What a capture came to. */
export function PlayedView({ played }: { readonly played: Played }): JSX.Element {
  return (
    <>
      <Summary played={played} />
      <AssumedMachine assumed={played.assumed} machine={played.machine} />
      {played.time.accepted.length > 1 && <TimeChart time={played.time} />}
      <DroppedByList played={played} />
      <SessionsTable />
      <Details played={played} />
    </>
  );
}

/** Reasons that the summary names. */
const SKIPS_SHOWN = 3;

const packetsOf = (amounts: readonly NamedAmount[]): number => amounts.reduce((sum, { packets }) => sum + packets, 0);

const MEANING: ReadonlyMap<string, readonly [badge: string, about: string]> = new Map([
  ["delivered", ["accept", "to this machine"]],
  ["forwarded", ["accept", "passed on"]],
  ["sent", ["accept", "out of this machine"]],
  ["dropped", ["drop", "by a rule or a policy"]],
  ["rejected", ["reject", "by a rule, with an answer"]],
  ["ignored", ["", "dropped outside the rules"]],
  ["queued", ["note", "a program would decide"]],
  ["held", ["", "fragments that wait for the rest"]],
]);

function Summary({ played }: { readonly played: Played }): JSX.Element {
  const { packets, bytes, first, last, verdicts, answers, skipped, faults, faultCount, notes } = played;
  const met = packetsOf(verdicts);
  return (
    <section class="stack" aria-label="Summary">
      <p>
        {counted(packets, "packet")}, {size(bytes)}
        {first !== undefined && last !== undefined ? ` in ${span(last - first)}, from ${moment(first)}` : ""}.
        {met === 0 && packets > 0 ? " None of them met the rules." : ""}
        {answers > 0 ? ` The kernel answered by itself: ${counted(answers, "packet")}.` : ""}
      </p>
      <ul class="replay-verdicts">
        {verdicts.map(({ name, packets: some, bytes: size_ }) => (
          <li key={name} class="card">
            <span class={`badge ${MEANING.get(name)?.[0] ?? ""}`}>{name}</span>
            <strong>{count(some)}</strong>
            <span class="small soft">
              {share(some, met)}, {size(size_)}, {MEANING.get(name)?.[1]}
            </span>
          </li>
        ))}
      </ul>
      {skipped.length > 0 && (
        <p class="from-rules">
          {counted(packetsOf(skipped), "frame")} met no rule:{" "}
          {skipped
            .slice(0, SKIPS_SHOWN)
            .map(({ name, packets: some }) => `${count(some)} ${printable(name)}`)
            .join(", ")}
          {skipped.length > SKIPS_SHOWN ? " …" : "."}
        </p>
      )}
      {faults.map(({ offset, message }) => (
        <p key={offset} class="notice fault from-rules">
          Byte {count(offset)} of the capture: {printable(message)}
        </p>
      ))}
      {faultCount > faults.length && <p class="notice fault">and {count(faultCount - faults.length)} more faults of the capture</p>}
      {notes.map(note => (
        <p key={note} class="notice warn from-rules">
          {printable(note)}
        </p>
      ))}
    </section>
  );
}

const LISTINGS: readonly (readonly [what: PlayListing, title: string, file: string, about: string])[] = [
  ["summary", "Summary (JSON)", "replay.json", "Everything, as ferrule replay --json prints it"],
  ["counters", "Rules with counters", "counted.rules", "As iptables-save -c would print the rules after the capture"],
  ["connections", "Connections", "connections.txt", "The connections that are tracked at the capture's end, as conntrack -L prints them"],
];

/** Files of what the run came to. */
function Listings(): JSX.Element {
  const disabled = run.value?.state === "running";
  const files = LISTINGS.map(([what, title, name, about]) => ({
    title,
    about,
    name,
    type: "text/plain",
    disabled,
    make: () => playListing(what),
  }));
  return (
    <div class="row">
      <FileButtons files={files} />
    </div>
  );
}

/** Whatever else was counted. */
function Details({ played }: { readonly played: Played }): JSX.Element {
  const { ways, skipped, sessions, sessionsInexact, translations, logged } = played;
  return (
    <details class="card">
      <summary class="card-title">More: ways in, skipped frames, protocols, translations, log lines; files</summary>
      <div class="card-body replay-details">
        <Amounts title="Ways" amounts={ways} none="No packet met the rules." />
        <Amounts title="Frames that met no rule" amounts={skipped} none="None was skipped." />
        <div>
          <h3>Sessions</h3>
          <p>
            {sessions.length === 0
              ? "None."
              : `${sessionsInexact ? "About " : ""}${sessions.map(({ protocol, sessions: some }) => `${count(some)} ${protocol}`).join(", ")}.`}
          </p>
        </div>
        <div>
          <h3>Translated</h3>
          {translations.length === 0 && <p>No address was translated.</p>}
          <ul>
            {translations.map(({ manip, from, to, sessions: some }) => (
              <li key={`${manip} ${from} ${to}`}>
                {manip} {from} to {to}: {counted(some, "session")}
              </li>
            ))}
          </ul>
        </div>
        <div class="replay-logs">
          <h3>Save</h3>
          <Listings />
        </div>
        <div class="replay-logs">
          <h3>Logged</h3>
          <p>
            {logged.lines === 0
              ? "Nothing was logged."
              : `${counted(logged.lines, "line")}${logged.lines > logged.first.length ? ", the first of them:" : ":"}`}
          </p>
          <ul>
            {logged.first.map((line, index) => (
              <li key={index} class="rule-text">
                {printable(line)}
              </li>
            ))}
          </ul>
        </div>
      </div>
    </details>
  );
}

function Amounts(props: { readonly title: string; readonly amounts: readonly NamedAmount[]; readonly none: string }): JSX.Element {
  const { title, amounts, none } = props;
  return (
    <div>
      <h3>{title}</h3>
      {amounts.length === 0 && <p>{none}</p>}
      <ul>
        {amounts.map(({ name, packets, bytes }) => (
          <li key={name} class="from-rules">
            {count(packets)} {printable(name)} ({size(bytes)})
          </li>
        ))}
      </ul>
    </div>
  );
}
