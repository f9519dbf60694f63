import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { JSX } from "preact";
import { printable } from "../../report/index.ts";
import { baseline, fitted, planHost, TEXT_INSET, type Box, type Plan } from "./drawing-plan.ts";
import type { HostPage } from "./page.ts";

/** The machine between its networks. */
export function Drawing({ page }: { readonly page: HostPage }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const width = useSignal(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const measure = (): void => {
      width.value = element.clientWidth;
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);
  return (
    <div class={`host-drawing${page.assumed ? " assumed" : ""}`} ref={box}>
      {width.value > 0 ? <Picture plan={planHost(page.interfaces, width.value)} /> : null}
    </div>
  );
}

function Picture({ plan }: { readonly plan: Plan }): JSX.Element {
  const { machine, interfaces, width, height } = plan;
  const spoken = interfaces
    .map(
      ({ from, networks }) =>
        `${from.name}: ${from.addresses.join(", ") || "no address"}; behind it ${networks.map(each => each.name).join(", ") || "nothing known"}`,
    )
    .join(". ");
  return (
    <svg
      width={width}
      height={height + 2}
      viewBox={`-1 -1 ${width + 2} ${height + 2}`}
      role="img"
      aria-label={printable(`The machine. ${spoken}`)}
    >
      <Rectangle box={machine} class="machine" />
      {["this", "machine"].map((word, line) => (
        <text key={word} x={machine.width / 2} y={height / 2 - 4 + line * 16} text-anchor="middle" class="strong">
          {word}
        </text>
      ))}
      {interfaces.map(({ from, box, lines, networks }) => (
        <g key={from.name} class={from.up ? undefined : "down"}>
          <line class="wire" x1={machine.width} y1={box.y + box.height / 2} x2={box.x} y2={box.y + box.height / 2} />
          <Rectangle box={box} class="interface" />
          {lines.map((line, index) => (
            <text key={index} x={box.x + TEXT_INSET} y={baseline(box, index)} class={index === 0 ? "strong" : "mono"}>
              <title>{printable(line)}</title>
              {fitted(printable(line), box.width)}
            </text>
          ))}
          {networks.map(({ box: network, name, via }) => (
            <g key={name}>
              <path class="wire" d={bend(box, network)} />
              <Rectangle box={network} class="network" />
              <text x={network.x + TEXT_INSET} y={baseline(network, 0)} class="mono">
                <title>{printable(name)}</title>
                {fitted(printable(name), network.width)}
              </text>
              {via === undefined ? null : (
                <text x={network.x + TEXT_INSET} y={baseline(network, 1)} class="mono soft">
                  <title>{printable(`via ${via}`)}</title>
                  {fitted(printable(`via ${via}`), network.width)}
                </text>
              )}
            </g>
          ))}
        </g>
      ))}
    </svg>
  );
}

const Rectangle = ({ box: { x, y, width, height }, class: name }: { readonly box: Box; readonly class: string }): JSX.Element => (
  <rect class={name} x={x} y={y} width={width} height={height} rx={name === "network" ? 14 : 5} />
);

/** A line from a box's right side to another's left side. */
function bend(from: Box, to: Box): string {
  const x1 = from.x + from.width;
  const y1 = from.y + from.height / 2;
  const y2 = to.y + to.height / 2;
  const middle = (x1 + to.x) / 2;
  return `M${x1} ${y1} C${middle} ${y1} ${middle} ${y2} ${to.x} ${y2}`;
}
