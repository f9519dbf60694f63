import type { JSX } from "preact";
import { printable } from "../../report/index.ts";
import { ChangedField } from "./changed-field.tsx";
import { change } from "./machine.ts";
import type { HostPage, HostSetting } from "./page.ts";

type Values = readonly (readonly [value: number, does: string])[];

const NO_YES: Values = [
  [0, "no"],
  [1, "yes"],
];

/** What a setting of the form means, and what its values do. */
const ABOUT: ReadonlyMap<string, { readonly title: string; readonly values: Values }> = new Map([
  ["net.ipv4.ip_forward", { title: "pass IPv4 packets on", values: NO_YES }],
  ["net.ipv6.conf.all.forwarding", { title: "pass IPv6 packets on", values: NO_YES }],
  [
    "net.ipv4.conf.all.rp_filter",
    {
      title: "check the way back to the source",
      values: [
        [0, "no"],
        [1, "strictly: by the same interface"],
        [2, "loosely: by any"],
      ],
    },
  ],
  ["net.ipv4.conf.all.route_localnet", { title: "let 127.0.0.0/8 in from outside", values: NO_YES }],
  ["net.netfilter.nf_conntrack_tcp_loose", { title: "take up TCP connections in the middle", values: NO_YES }],
  ["net.netfilter.nf_conntrack_tcp_be_liberal", { title: "let TCP out of its window through", values: NO_YES }],
  ["net.bridge.bridge-nf-call-iptables", { title: "show bridged packets to iptables", values: NO_YES }],
]);

/** The kernel's settings: those that matter most as choices, the others by name and number. */
export function Settings({ page, fixed }: { readonly page: HostPage; readonly fixed: boolean }): JSX.Element {
  return (
    <section class="stack" aria-labelledby="host-settings">
      <h2 id="host-settings">Settings (sysctl)</h2>
      <ul class="host-rows host-settings">
        {page.settings.map(setting => (
          <Setting key={setting.name} setting={setting} fixed={fixed} />
        ))}
      </ul>
    </section>
  );
}

function Setting({ setting: { name, value, usual }, fixed }: { readonly setting: HostSetting; readonly fixed: boolean }): JSX.Element {
  const about = ABOUT.get(name);
  const label = about?.title ?? name;
  if (!about)
    return (
      <li class="host-row host-setting">
        <code class="rule-text">{printable(name)}</code>
        <ChangedField
          label={name}
          value={value === undefined ? "" : `${value}`}
          disabled={fixed}
          made={text => ({ do: "setting", name, value: text })}
        />
      </li>
    );
  const known = about.values.some(([each]) => each === value) || value === undefined;
  return (
    <li class="host-row host-setting">
      <span>
        {label}
        <br />
        <code class="rule-text small soft">{name}</code>
      </span>
      <select
        class="input"
        aria-label={label}
        value={value === undefined ? "" : `${value}`}
        disabled={fixed}
        onChange={event => void change({ do: "setting", name, value: event.currentTarget.value })}
      >
        <option value="">as usual ({about.values.find(([each]) => each === usual)?.[1] ?? usual})</option>
        {about.values.map(([each, text]) => (
          <option key={each} value={`${each}`}>
            {text}
          </option>
        ))}
        {known ? null : <option value={`${value}`}>{value}</option>}
      </select>
    </li>
  );
}
