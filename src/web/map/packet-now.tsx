import type { JSX } from "preact";
import { printable } from "../../report/index.ts";
import type { TraceStep } from "../state/traced.ts";

/** The packet as it is after a step, what was rewritten marked, and its connection's entry. */
export function PacketNow({ current }: { readonly current: TraceStep }): JSX.Element {
  const { fields, connection } = current;
  return (
    <div class="map-packet">
      <dl class="map-fields small" aria-label="The packet now">
        {fields.map(({ name, value, was }) => (
          <div key={name} class={was === undefined ? "" : "changed"}>
            <dt>{printable(name)}</dt>
            <dd class="mono from-rules">
              {was !== undefined && (
                <>
                  <del>
                    <span class="visually-hidden">was </span>
                    {printable(was)}
                  </del>{" "}
                  <span aria-hidden="true">→</span>
                  <span class="visually-hidden">now</span>{" "}
                </>
              )}
              {printable(value)}
            </dd>
          </div>
        ))}
      </dl>
      {connection !== undefined && (
        <p class="map-connection small">
          <span class="soft">connection</span> <span class="mono from-rules">{printable(connection)}</span>
        </p>
      )}
    </div>
  );
}
