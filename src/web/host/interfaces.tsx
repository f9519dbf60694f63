import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { printable } from "../../report/index.ts";
import { ChangedField } from "./changed-field.tsx";
import { change } from "./machine.ts";
import type { HostInterface, HostPage } from "./page.ts";
import { typedInto } from "../controls/typed-into.ts";

const KINDS: readonly (readonly [HostInterface["link"], string])[] = [
  ["ethernet", "Ethernet"],
  ["none", "point to point (tun, ppp, wg)"],
];

/** The interfaces as a form: one row each, and one to add another. */
export function Interfaces({ page, fixed }: { readonly page: HostPage; readonly fixed: boolean }): JSX.Element {
  return (
    <section class="stack" aria-labelledby="host-interfaces">
      <h2 id="host-interfaces">Interfaces</h2>
      <ul class="host-rows">
        {page.interfaces.map(each => (
          <Interface key={each.name} each={each} all={page.interfaces} fixed={fixed} />
        ))}
      </ul>
      {fixed ? null : <NewInterface />}
    </section>
  );
}

function Interface({
  each,
  all,
  fixed,
}: {
  readonly each: HostInterface;
  readonly all: readonly HostInterface[];
  readonly fixed: boolean;
}): JSX.Element {
  const { name, link, up, mtu, addresses, bridge } = each;
  const shown = printable(name);
  const set = (field: "link" | "up" | "bridge", value: string): void => void change({ do: "interface", name, field, value });
  const bridges = all.filter(other => other.name !== name && other.link !== "loopback").map(other => other.name);
  return (
    <li class="host-interface" aria-label={shown}>
      <label class="field host-name">
        <span class="label">Name</span>
        <ChangedField
          label={`Name of ${shown}`}
          value={name}
          disabled={fixed || link === "loopback"}
          made={value => ({ do: "interface", name, field: "name", value })}
        />
      </label>
      <label class="field host-addresses">
        <span class="label">Addresses with prefix lengths</span>
        <ChangedField
          label={`Addresses of ${shown}`}
          value={addresses.join(" ")}
          placeholder="192.0.2.1/24 2001:db8::1/64"
          disabled={fixed}
          made={value => ({ do: "interface", name, field: "addresses", value })}
        />
      </label>
      {fixed || link === "loopback" ? null : (
        <button
          type="button"
          class="button plain host-remove"
          aria-label={`Remove ${shown}`}
          title={`Remove ${shown} and its routes`}
          onClick={() => void change({ do: "remove-interface", name })}
        >
          ✕
        </button>
      )}
      {link === "loopback" ? null : (
        <div class="host-details">
          <label class="field">
            <span class="label">Kind</span>
            <select
              class="input"
              aria-label={`Kind of ${shown}`}
              value={link}
              disabled={fixed}
              onChange={event => set("link", event.currentTarget.value)}
            >
              {KINDS.map(([value, text]) => (
                <option key={value} value={value}>
                  {text}
                </option>
              ))}
            </select>
          </label>
          <label class="field">
            <span class="label">Port of bridge</span>
            <select
              class="input from-rules"
              aria-label={`Bridge of ${shown}`}
              value={bridge ?? ""}
              disabled={fixed}
              onChange={event => set("bridge", event.currentTarget.value)}
            >
              <option value="">none</option>
              {bridge === undefined || bridges.includes(bridge) ? null : <option value={bridge}>{printable(bridge)}</option>}
              {bridges.map(other => (
                <option key={other} value={other}>
                  {printable(other)}
                </option>
              ))}
            </select>
          </label>
          <label class="field">
            <span class="label">MTU</span>
            <ChangedField
              label={`MTU of ${shown}`}
              value={`${mtu}`}
              disabled={fixed}
              made={value => ({ do: "interface", name, field: "mtu", value })}
            />
          </label>
          <label class="host-check">
            <input type="checkbox" checked={up} disabled={fixed} onChange={event => set("up", `${event.currentTarget.checked}`)} />
            <span>
              up<span class="visually-hidden"> ({shown})</span>
            </span>
          </label>
        </div>
      )}
    </li>
  );
}

function NewInterface(): JSX.Element {
  const name = useSignal("");
  return (
    <form
      class="row"
      onSubmit={event => {
        event.preventDefault();
        void change({ do: "add-interface", name: name.value.trim() }).then(done => {
          if (done) name.value = "";
        });
      }}
    >
      <input
        class="input mono host-new"
        aria-label="Name of the new interface"
        placeholder="eth1"
        {...typedInto(name)}
        spellcheck={false}
        autocapitalize="off"
      />
      <button type="submit" class="button">
        Add interface
      </button>
    </form>
  );
}
