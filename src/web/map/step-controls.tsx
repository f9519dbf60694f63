import type { JSX } from "preact";
import { printable } from "../../report/index.ts";
import { currentStep, traced } from "../state/traced.ts";
import { goToTold, playing, position, skipping, speed, SPEEDS, stepByKey, told, togglePlaying } from "./stepping.ts";
import "./step-controls.css";

const SIGNS = {
  first: "M5 4v12M16 4 7 10l9 6z",
  back: "M15 4 6 10l9 6z",
  play: "M6 3.5 16 10 6 16.5z",
  pause: "M6 4h3v12H6zM11 4h3v12h-3z",
  next: "M5 4l9 6-9 6z",
  last: "M15 4v12M4 4l9 6-9 6z",
} as const;

/** Back, Next, Play and a slider over the steps of the current trace: the same on the map and in Trace. Nothing without a trace. */
export function StepControls(): JSX.Element | null {
  if (!traced.value) return null;
  const at = position.value;
  const last = told.value.length - 1;
  return (
    <div
      class="step-controls"
      role="group"
      aria-label="Steps of the trace"
      onKeyDown={event => {
        if (event.target instanceof HTMLSelectElement || event.altKey || event.ctrlKey || event.metaKey) return;
        if (stepByKey(event.key)) event.preventDefault();
      }}
    >
      <div class="step-controls-buttons">
        <Act sign="first" name="First step (Home)" off={at <= 0} act={() => goToTold(0)} />
        <Act sign="back" name="Back (left arrow)" off={at <= 0} act={() => goToTold(at - 1)} />
        <Act sign={playing.value ? "pause" : "play"} name={playing.value ? "Pause" : "Play"} off={last < 1} act={togglePlaying} walks />
        <Act sign="next" name="Next (right arrow)" off={at >= last} act={() => goToTold(at + 1)} />
        <Act sign="last" name="Last step (End)" off={at >= last} act={() => goToTold(last)} />
      </div>
      <input
        class="step-controls-slider"
        type="range"
        aria-label="Step"
        min={0}
        max={Math.max(0, last)}
        value={at}
        aria-valuetext={`${at + 1} of ${last + 1}: ${printable(currentStep.value?.text ?? "")}`}
        onInput={event => {
          playing.value = false;
          goToTold(event.currentTarget.valueAsNumber);
        }}
      />
      <span class="step-controls-count soft small">
        {at + 1} / {last + 1}
      </span>
      <label class="step-controls-speed small">
        <span class="visually-hidden">Steps per second when playing</span>
        <select
          class="input"
          value={String(speed.value)}
          title="Steps per second when playing"
          onChange={event => {
            speed.value = Number(event.currentTarget.value);
          }}
        >
          {SPEEDS.map(each => (
            <option key={each} value={String(each)}>
              {each}/s
            </option>
          ))}
        </select>
      </label>
      <label class="step-controls-skip small" title="Stop also at rules that did not match">
        <input
          type="checkbox"
          checked={!skipping.value}
          onChange={event => {
            skipping.value = !event.currentTarget.checked;
          }}
        />
        every rule
      </label>
    </div>
  );
}

function Act(props: {
  readonly sign: keyof typeof SIGNS;
  readonly name: string;
  readonly off: boolean;
  readonly walks?: boolean;
  readonly act: () => void;
}): JSX.Element {
  const { sign, name, off, walks, act } = props;
  return (
    <button
      type="button"
      class="button"
      aria-label={name}
      title={name}
      // A button that is switched off while it has the focus would lose it: it only says so.
      aria-disabled={off}
      onClick={() => {
        if (off) return;
        if (!walks) playing.value = false;
        act();
      }}
    >
      <svg viewBox="0 0 20 20" aria-hidden="true">
        <path d={SIGNS[sign]} />
      </svg>
    </button>
  );
}
