import type { JSX } from "preact";
import { askTyped, searchText } from "./search-state.ts";

const EXAMPLES: readonly { readonly text: string; readonly about: string }[] = [
  { text: "who can reach 10.0.0.5:5432?", about: "loose words; what they are understood as is shown" },
  { text: "can 192.168.1.0/24 ssh to the firewall?", about: "the same" },
  { text: "from any to self tcp 22", about: "may everybody log in here?" },
  { text: "from 10.0.0.0/8 to ! 10.0.0.0/8 tcp 80,443", about: "may these networks browse?" },
  { text: "packets from any to self tcp ack state INVALID", about: "single packets instead of sessions" },
];

/** The notation of questions, with examples that can be asked. */
export function QuestionHelp(): JSX.Element {
  return (
    <div class="card policy-row stack">
      <p>
        <code>
          from <em>addresses</em> [port <em>ports</em>] to <em>addresses</em> [<em>protocol</em> [<em>ports</em>]]
        </code>
        , then in any order{" "}
        <code>
          in <em>interfaces</em>
        </code>
        ,{" "}
        <code>
          out <em>interfaces</em>
        </code>
        , <code>before nat</code> or <code>after nat</code>. It asks whether all those sessions work: the first packet, the answer, and the
        rest.
      </p>
      <dl class="policy-facts">
        <dt>addresses</dt>
        <dd>
          <code>any</code>, <code>self</code>, <code>10.0.0.5</code>, <code>10.0.0.0/8</code>, <code>10.0.0.1-10.0.0.9</code>,{" "}
          <code>@set</code>, <code>net(lan0)</code>; several parted by commas; <code>!</code> before them turns them over
        </dd>
        <dt>protocol</dt>
        <dd>
          a name or number, <code>tcp,udp</code>, <code>ping</code>, <code>icmp echo-request</code>; ports are numbers, ranges, and names of
          services
        </dd>
        <dt>packets</dt>
        <dd>
          <code>packets from …</code>, <code>state INVALID</code> or flags such as <code>syn+ack</code> ask about single packets
        </dd>
      </dl>
      <ul class="plain-list">
        {EXAMPLES.map(({ text, about }) => (
          <li key={text}>
            <button
              type="button"
              class="act"
              onClick={() => {
                searchText.value = text;
                void askTyped();
              }}
            >
              <code>{text}</code>
            </button>{" "}
            <span class="soft small">{about}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
