import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { typedInto } from "../controls/typed-into.ts";
import { printable } from "../../report/index.ts";
import { ChangedField } from "./changed-field.tsx";
import { change } from "./machine.ts";
import type { HostPage, HostRoute } from "./page.ts";

/** The routes that somebody wrote, as a form. */
export function Routes({ page, fixed }: { readonly page: HostPage; readonly fixed: boolean }): JSX.Element {
  const devices = page.interfaces.map(({ name }) => name);
  return (
    <section class="stack" aria-labelledby="host-routes">
      <h2 id="host-routes">Routes</h2>
      <p class="soft small">Those to an interface's own networks follow from its addresses.</p>
      {page.routes.length === 0 ? <p class="soft">No route beyond them: everything else is unreachable.</p> : null}
      <ul class="host-rows">
        {page.routes.map(route => (
          <Route key={`${route.index} ${route.to}`} route={route} devices={devices} fixed={fixed} />
        ))}
      </ul>
      {fixed ? null : <NewRoute devices={devices} />}
      {page.rules.length === 0 ? null : (
        <details>
          <summary>{page.rules.length} policy-routing rules</summary>
          <ul class="host-list">
            {page.rules.map((rule, index) => (
              <li key={index} class="rule-text">
                {printable(rule)}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function Route({
  route,
  devices,
  fixed,
}: {
  readonly route: HostRoute;
  readonly devices: readonly string[];
  readonly fixed: boolean;
}): JSX.Element {
  const { index, to, type, via, device, more } = route;
  const field = (which: "to" | "via", label: string, value: string, placeholder: string): JSX.Element => (
    <label class="field">
      <span class="label">{label}</span>
      <ChangedField
        label={`${label} of the route to ${to}`}
        value={value}
        placeholder={placeholder}
        disabled={fixed}
        made={text => ({ do: "route", index, field: which, value: text })}
      />
    </label>
  );
  return (
    <li class="host-row host-route">
      {field("to", "To", to, "default")}
      {type === "unicast" ? field("via", "Gateway", via, "none: directly") : <span class="badge warn host-badge">{type}</span>}
      <label class="field">
        <span class="label">By</span>
        <select
          class="input from-rules"
          aria-label={`Interface of the route to ${to}`}
          value={device}
          disabled={fixed}
          onChange={event => void change({ do: "route", index, field: "device", value: event.currentTarget.value })}
        >
          {device === "" || devices.includes(device) ? null : <option value={device}>{printable(device)}</option>}
          <option value="">not said</option>
          {devices.map(name => (
            <option key={name} value={name}>
              {printable(name)}
            </option>
          ))}
        </select>
      </label>
      {more === "" ? null : <span class="rule-text small soft host-badge">{printable(more)}</span>}
      {fixed ? null : (
        <button
          type="button"
          class="button plain"
          aria-label={`Remove the route to ${to}`}
          onClick={() => void change({ do: "remove-route", index })}
        >
          ✕
        </button>
      )}
    </li>
  );
}

function NewRoute({ devices }: { readonly devices: readonly string[] }): JSX.Element {
  const to = useSignal("");
  const via = useSignal("");
  const device = useSignal("");
  return (
    <form
      class="host-row host-route"
      onSubmit={event => {
        event.preventDefault();
        void change({ do: "add-route", to: to.value, via: via.value, device: device.value }).then(done => {
          if (done) to.value = via.value = "";
        });
      }}
    >
      {(
        [
          [to, "Network of the new route", "default or 10.0.0.0/8"],
          [via, "Gateway of the new route", "gateway"],
        ] as const
      ).map(([value, label, placeholder]) => (
        <input key={label} class="input mono" aria-label={label} placeholder={placeholder} {...typedInto(value)} spellcheck={false} />
      ))}
      <select
        class="input from-rules"
        aria-label="Interface of the new route"
        value={device.value}
        onChange={event => {
          device.value = event.currentTarget.value;
        }}
      >
        <option value="">by …</option>
        {devices.map(name => (
          <option key={name} value={name}>
            {printable(name)}
          </option>
        ))}
      </select>
      <button type="submit" class="button">
        Add route
      </button>
    </form>
  );
}
