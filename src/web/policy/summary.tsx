import type { JSX } from "preact";
import { printable } from "../../report/index.ts";

/** What the firewall allows, in a few sentences that begin with their path (`IPv4 in: …`): each path once, and beside it all that is said of it. */
export function Summary({ sentences }: { readonly sentences: readonly string[] }): JSX.Element {
  return (
    <dl class="policy-summary">
      {[...byPath(sentences)].map(([path, said]) => (
        <div key={path}>
          <dt>{printable(path)}</dt>
          <dd class="from-rules">{printable(said.map((each, index) => (index === 0 ? each : capital(each))).join(" "))}</dd>
        </div>
      ))}
    </dl>
  );
}

function byPath(sentences: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const paths = new Map<string, string[]>();
  for (const sentence of sentences) {
    const colon = sentence.indexOf(": ");
    const path = sentence.slice(0, Math.max(0, colon));
    const said = paths.get(path) ?? [];
    said.push(colon < 0 ? sentence : sentence.slice(colon + 2));
    paths.set(path, said);
  }
  // Nobody need be told that loopback is open, and what strays on it.
  for (const [path, [first]] of paths) if (first === OPEN_LOOPBACK) paths.delete(path);
  return paths;
}

const OPEN_LOOPBACK = "this machine may open everything to itself.";

/** For the second sentence on: the first goes on from its path, and may begin with a service's name. */
const capital = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1);
