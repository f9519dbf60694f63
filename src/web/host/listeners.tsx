import type { JSX } from "preact";
import { ChangedField } from "./changed-field.tsx";
import { change } from "./machine.ts";
import type { HostPage } from "./page.ts";

/** The ports on which programs of the machine listen; where nobody says, every port answers. */
export function Listeners({ page: { listeners }, fixed }: { readonly page: HostPage; readonly fixed: boolean }): JSX.Element {
  return (
    <section class="stack" aria-labelledby="host-listeners">
      <h2 id="host-listeners">Programs that listen</h2>
      <label class="host-check">
        <input
          type="checkbox"
          checked={listeners !== undefined}
          disabled={fixed}
          onChange={event => void change({ do: "listeners", value: event.currentTarget.checked ? "" : undefined })}
        />
        <span>Only the ports named here answer; all others refuse what reaches them.</span>
      </label>
      {listeners === undefined ? null : (
        <ChangedField
          label="Ports on which programs listen"
          value={listeners.join(" ")}
          placeholder="tcp/22 tcp/443 udp/53"
          disabled={fixed}
          made={value => ({ do: "listeners", value })}
        />
      )}
    </section>
  );
}
