import type { JSX } from "preact";
import {
  CT_STATES,
  hasPorts,
  isIcmp,
  PROTOCOL,
  printAddress,
  protocolName,
  TCP_FLAG,
  type CtState,
  type PacketSpec,
} from "../../packet/index.ts";
import { printable } from "../../report/index.ts";
import {
  icmpChoices,
  icmpWord,
  withAddress,
  withFamily,
  withFlag,
  withIcmp,
  withPort,
  withProtocol,
  withSession,
  withWords,
} from "./spec-edit.ts";
import { SpecChoice, SpecInput } from "./spec-input.tsx";

const PROTOCOLS = ["tcp", "udp", "icmp", "sctp", "dccp", "udplite", "gre", "esp", "ah"] as const;

const NUMBERS: ReadonlyMap<string, number> = new Map([
  ["tcp", PROTOCOL.TCP],
  ["udp", PROTOCOL.UDP],
  ["sctp", PROTOCOL.SCTP],
  ["dccp", PROTOCOL.DCCP],
  ["udplite", PROTOCOL.UDPLITE],
  ["gre", PROTOCOL.GRE],
  ["esp", PROTOCOL.ESP],
  ["ah", PROTOCOL.AH],
]);

const FLAGS = ["SYN", "ACK", "FIN", "RST", "PSH", "URG", "ECE", "CWR"] as const;

/** The fields of one packet. Each change gives the packet anew, as the notation then says it. */
export function Builder({
  spec,
  interfaces,
  change,
}: {
  readonly spec: PacketSpec;
  readonly interfaces: readonly string[];
  readonly change: (spec: PacketSpec) => void;
}): JSX.Element {
  const { session, family, protocol } = spec;
  const icmp = isIcmp(family, protocol);
  const name = icmp ? "icmp" : (protocolName(protocol) ?? `${protocol}`);
  const take = (made: PacketSpec | undefined): boolean => {
    if (made) change(made);
    return made !== undefined;
  };
  const ends = (end: "source" | "destination", title: string): JSX.Element => (
    <div class="trace-end">
      <SpecInput label={title} kind="address" value={printAddress(spec[end].address)} take={text => take(withAddress(spec, end, text))} />
      {hasPorts(protocol) && spec[end].port !== undefined ? (
        <SpecInput label="Port" of={title} kind="number" value={`${spec[end].port}`} take={text => take(withPort(spec, end, text))} />
      ) : null}
    </div>
  );
  const devices: [string, string][] = [["", "not said"], ...interfaces.map((each): [string, string] => [each, printable(each)])];
  return (
    <fieldset class="trace-builder">
      <legend class="visually-hidden">Packet builder</legend>
      <div class="trace-row three">
        <SpecChoice
          label="What"
          value={session ? "session" : "packet"}
          choices={[
            ["session", "session"],
            ["packet", "packet"],
          ]}
          take={value => change(withSession(spec, value === "session"))}
        />
        <SpecChoice
          label="Protocol"
          value={name}
          choices={PROTOCOLS}
          take={value => {
            const number = value === "icmp" ? (family === 4 ? PROTOCOL.ICMP : PROTOCOL.ICMPV6) : (NUMBERS.get(value) ?? protocol);
            change(withProtocol(spec, number));
          }}
        />
        <SpecChoice
          label="Family"
          value={`${family}`}
          choices={[
            ["4", "IPv4"],
            ["6", "IPv6"],
          ]}
          take={value => change(withFamily(spec, value === "6" ? 6 : 4))}
        />
      </div>
      <div class="trace-row">
        <SpecChoice
          label="Comes in on"
          value={spec.in ?? ""}
          choices={devices}
          take={value => change(withWords(spec, { in: value || undefined }))}
        />
        <SpecChoice
          label="Leaves by"
          value={spec.out ?? ""}
          choices={devices}
          take={value => change(withWords(spec, { out: value || undefined }))}
        />
      </div>
      {ends("source", "Source")}
      {ends("destination", "Destination")}
      {protocol === PROTOCOL.TCP && !session && spec.tcpFlags !== undefined ? (
        <fieldset class="trace-flags">
          <legend class="label">TCP flags</legend>
          {FLAGS.map(flag => (
            <label key={flag}>
              <input
                type="checkbox"
                checked={((spec.tcpFlags ?? 0) & TCP_FLAG[flag]) !== 0}
                onChange={() => change(withFlag(spec, TCP_FLAG[flag]))}
              />
              {flag}
            </label>
          ))}
        </fieldset>
      ) : null}
      {icmp && spec.icmp ? (
        <SpecChoice
          label="ICMP type"
          value={icmpWord(spec.icmp, family)}
          choices={icmpChoices(family)}
          take={value => take(withIcmp(spec, value))}
        />
      ) : null}
      <details
        class="trace-more"
        open={spec.mark !== undefined || spec.ttl !== undefined || spec.length !== undefined || spec.ctState !== undefined}
      >
        <summary>More: state, mark, TTL, length …</summary>
        <div class="trace-row three">
          <NumberField label="Mark" word="mark" spec={spec} most={0xffffffff} change={change} hex />
          <NumberField label="TTL" word="ttl" spec={spec} most={255} change={change} placeholder="64" />
          <NumberField label="Length" word="length" spec={spec} most={65535} change={change} placeholder="as it is" />
          <NumberField label="TOS" word="tos" spec={spec} most={255} change={change} placeholder="0" />
          <NumberField label="Owner (uid)" word="uid" spec={spec} most={0xffffffff} change={change} />
          {session ? null : (
            <SpecChoice
              label="Suppose the state"
              value={spec.ctState ?? ""}
              choices={[["", "as tracked"], ...CT_STATES]}
              take={value => change(withWords(spec, { ctState: value === "" ? undefined : (value as CtState) }))}
            />
          )}
        </div>
      </details>
    </fieldset>
  );
}

/** A word of the notation that takes a number. */
function NumberField(props: {
  readonly label: string;
  readonly word: "mark" | "ttl" | "length" | "tos" | "uid";
  readonly spec: PacketSpec;
  readonly most: number;
  readonly change: (spec: PacketSpec) => void;
  readonly placeholder?: string;
  readonly hex?: boolean;
}): JSX.Element {
  const { label, word, spec, most, change, placeholder = "not said", hex } = props;
  const value = spec[word];
  return (
    <SpecInput
      label={label}
      kind="number"
      placeholder={placeholder}
      value={value === undefined ? "" : hex ? `0x${value.toString(16)}` : `${value}`}
      take={text => {
        const read = readNumber(text.trim(), most);
        if (read === "bad") return false;
        change(withWords(spec, { [word]: read }));
        return true;
      }}
    />
  );
}

/** A decimal or `0x` number; undefined for nothing. */
function readNumber(text: string, most: number): number | undefined | "bad" {
  if (text === "") return undefined;
  if (!/^(?:\d{1,10}|0x[0-9a-f]{1,8})$/i.test(text)) return "bad";
  const value = Number(text);
  return value <= most ? value : "bad";
}
