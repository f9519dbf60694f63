import type { JSX } from "preact";
import { printable } from "../../report/index.ts";
import { currentStep, goTo, traced, type TracedPacket, type TracedQuestion, type TracedSide } from "../state/traced.ts";
import { changesOf, endsOf } from "./changes.ts";

/** Who sent what to whom, and how far it got: packets as arrows between client, firewall and server. A click goes to the packet's steps. */
export function Sequence({ asked }: { readonly asked: TracedQuestion }): JSX.Element | null {
  const packets = traced.value?.packets.slice(asked.first, asked.end) ?? [];
  const ends = endsOf(packets[0]?.sent ?? "");
  const current = currentStep.value?.packet;
  return (
    <div>
      <div class="trace-lanes" aria-hidden="true">
        <Lane name="client" side={asked.client} address={ends?.source ?? asked.client.address} />
        <Lane name="firewall" />
        <Lane name="server" side={asked.server} address={ends?.destination ?? asked.server.address} />
      </div>
      <ol class="trace-messages" aria-label="Packets, in order">
        {packets.map((packet, index) => (
          <li key={asked.first + index}>
            <Message packet={packet} current={current === asked.first + index} />
          </li>
        ))}
        {asked.past === undefined ? null : (
          <li class="trace-past">
            <span class="trace-name">
              {asked.past}
              <span class="visually-hidden"> from the server:</span>
            </span>
            <Arrow back dashed />
            <span class="small">straight to the client, past the firewall</span>
          </li>
        )}
      </ol>
    </div>
  );
}

function Lane({
  name,
  side,
  address,
}: {
  readonly name: "client" | "firewall" | "server";
  readonly side?: TracedSide;
  readonly address?: string;
}): JSX.Element {
  return (
    <div class={`trace-lane ${name}`}>
      <strong>{name}</strong>
      {side ? <span class="rule-text">{printable(side.becomes ?? address ?? "")}</span> : null}
      {side?.becomes === undefined ? null : (
        <span class="trace-asked-as">
          asked for as <span class="rule-text">{printable(address ?? "")}</span>
        </span>
      )}
      {side ? (
        <span class="soft from-rules">
          {side.local ? "a program of this machine" : side.device === undefined ? "" : `behind ${printable(side.device)}`}
        </span>
      ) : null}
    </div>
  );
}

function Message({ packet, current }: { readonly packet: TracedPacket; readonly current: boolean }): JSX.Element {
  const { name, sent, arrived, accepted, state, entry, answers, decidedBy, first } = packet;
  const fromServer = packet.from === "server";
  const through = arrived !== undefined;
  const changes = changesOf(sent, arrived);
  const place =
    decidedBy &&
    (decidedBy.number === undefined
      ? `policy of ${decidedBy.table} ${decidedBy.chain}`
      : `${decidedBy.table} ${decidedBy.chain} ${decidedBy.number}`);
  const tone = accepted ? "accept" : packet.verdict === "rejected" ? "reject" : packet.verdict === "dropped" ? "drop" : "warn";
  const near = (
    <span class="trace-half">
      <span class="trace-name">
        {name === "packet" ? wordsOf(sent) : name}
        {packet.from === undefined ? null : <span class="visually-hidden"> from the {packet.from}:</span>}
      </span>
      <Arrow back={fromServer} />
      {answers.map(answer => (
        <span key={answer.packet} class="trace-answer">
          <Arrow back={!fromServer} dashed />
          <span class="from-rules">
            <span class="visually-hidden">answered with </span>
            {printable(answer.kind)}
          </span>
        </span>
      ))}
    </span>
  );
  const far = through ? (
    <span class="trace-half">
      <Rewritten changes={changes} />
      <Arrow back={fromServer} />
    </span>
  ) : (
    <span class="trace-half trace-lost">{accepted ? "does not arrive as expected" : ""}</span>
  );
  return (
    <button type="button" class="trace-message" aria-current={current ? "step" : undefined} onClick={() => goTo(first)}>
      {fromServer ? far : near}
      <span class="trace-middle">
        <span class={`badge ${tone}`}>
          {accepted ? "✓" : "✕"} {packet.verdict}
        </span>
        {accepted || place === undefined ? null : <span class="from-rules small">{printable(place)}</span>}
        {state === undefined ? null : <span class="soft small">{state}</span>}
        {entry === undefined ? null : <span class="soft small">{entry.title}</span>}
      </span>
      {fromServer ? near : far}
    </button>
  );
}

/** A packet's way, as an arrow over the whole width. */
function Arrow({ back, dashed }: { readonly back: boolean; readonly dashed?: boolean }): JSX.Element {
  return (
    <svg class={`trace-arrow${dashed ? " dashed" : ""}`} height="12" width="100%" aria-hidden="true">
      <line x1="2" y1="6" x2="100%" y2="6" />
      <svg x={back ? "0" : "100%"} overflow="visible">
        <path d={back ? "M8 1 0 6l8 5z" : "M-8 1 0 6l-8 5z"} />
      </svg>
    </svg>
  );
}

function Rewritten({ changes: { source, destination } }: { readonly changes: ReturnType<typeof changesOf> }): JSX.Element {
  return (
    <span class="trace-rewritten">
      {source ? (
        <span class="rule-text">
          <span class="visually-hidden">rewritten, </span>from {printable(source.to)}
        </span>
      ) : null}
      {destination ? (
        <span class="rule-text">
          <span class="visually-hidden">rewritten, </span>to {printable(destination.to)}
        </span>
      ) : null}
    </span>
  );
}

/** What a packet is beside its ends: `syn`, `echo-request`. */
function wordsOf(sent: string): string {
  const words = sent.split(" ");
  const rest = words.slice(words.indexOf(">") + 2);
  return printable(rest.length > 0 && !["in", "out"].includes(rest[0] ?? "") ? `${words[0]} ${rest[0]}` : (words[0] ?? ""));
}
