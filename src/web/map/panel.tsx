import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { PanelLink } from "../controls/panel-link.tsx";
import { printable } from "../../report/index.ts";
import { isNarrow } from "../state/actions.ts";
import { hits } from "../state/hits.ts";
import { reading } from "../state/reading.ts";
import { ChainScene } from "./chain-scene.tsx";
import { save } from "../work/save-file.ts";
import { svgText } from "./download.ts";
import { Overview } from "./overview.tsx";
import { plan } from "./arrangement.ts";
import { Stage } from "./stage.tsx";
import { asList, chooseFamily, families, hasZoomed, shownChain, shownFamily, shownTrace, shownTrail, zoomOut } from "./state.ts";
import { TextList } from "./text-list.tsx";
import { TraceDock } from "./trace-dock.tsx";
import "./map.css";

/** The live diagram of netfilter: hooks and tables, zoomed into chains, with the trace's way and what was hit. */
export function Panel(): JSX.Element {
  const drawn = useRef<SVGSVGElement>(null);
  const chain = shownChain.value;
  const trace = shownTrace.value;
  const arrangement = plan(isNarrow.value ? "narrow" : "wide");
  return (
    <div class="map">
      <div class="map-bar">
        <Trail />
        <span class="spacer" />
        {hits.value && <span class="small soft from-rules">hits of {printable(hits.value.of)}</span>}
        <FamilySwitch />
        {!chain && (
          <>
            <button
              type="button"
              class="button plain"
              aria-pressed={asList.value}
              title="The diagram in words"
              onClick={() => {
                asList.value = !asList.value;
              }}
            >
              As list
            </button>
            {!asList.value && (
              <button
                type="button"
                class="button plain"
                title="Saves the diagram as a picture"
                onClick={() =>
                  drawn.current && save(new Blob([svgText(drawn.current, arrangement)], { type: "image/svg+xml" }), "netfilter-map.svg")
                }
              >
                Save SVG
              </button>
            )}
          </>
        )}
      </div>
      {chain ? (
        <ChainScene />
      ) : asList.value ? (
        <TextList />
      ) : (
        <div class="map-scene">
          <Stage
            label="Diagram of netfilter. Arrows move, plus and minus zoom, 0 shows all; Tab reaches the chains."
            name={arrangement.arrangement}
            drawing={arrangement}
            least={isNarrow.value ? "across" : 0.7}
            takesFocus={hasZoomed.value}
          >
            {screen => <Overview key={arrangement.arrangement} plan={arrangement} screen={screen} drawn={drawn} />}
          </Stage>
        </div>
      )}
      {trace ? <TraceDock trace={trace} /> : <Hint />}
    </div>
  );
}

function Trail(): JSX.Element {
  const chains = shownTrail.value;
  if (chains.length === 0) return <h2 class="map-heading">Netfilter</h2>;
  return (
    <nav aria-label="Where on the map">
      <ol class="map-trail">
        <li>
          <button type="button" class="act" onClick={() => zoomOut(chains.length)}>
            Overview
          </button>
        </li>
        {chains.map(({ table, chain }, index) => {
          const name = (
            <span class="from-rules">
              {index === 0 ? `${table} ` : ""}
              {printable(chain)}
            </span>
          );
          return (
            <li key={index}>
              {index === chains.length - 1 ? (
                <span aria-current="location">{name}</span>
              ) : (
                <button type="button" class="act" onClick={() => zoomOut(chains.length - 1 - index)}>
                  {name}
                </button>
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

function FamilySwitch(): JSX.Element | null {
  if (families.value.length < 2) return null;
  return (
    <div class="map-families" role="group" aria-label="Rules of">
      {families.value.map(family => (
        <button key={family} type="button" class="button" aria-pressed={family === shownFamily.value} onClick={() => chooseFamily(family)}>
          IPv{family}
        </button>
      ))}
    </div>
  );
}

/** What to do while nothing is traced. */
function Hint(): JSX.Element {
  const empty = reading.value !== undefined && reading.value.tables.length === 0;
  return (
    <p class="map-hint small soft">
      {empty ? (
        "There are no rules yet: paste or open some, and their tables and chains appear here."
      ) : (
        <>
          A click on a chain zooms into it. <PanelLink to="trace">Trace a packet</PanelLink>, and its way is drawn here step by step.{" "}
          <span class="map-for-mice">Ctrl with the wheel, or a pinch, zooms freely.</span>
        </>
      )}
    </p>
  );
}
