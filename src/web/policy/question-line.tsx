import { useComputed, useSignal } from "@preact/signals";
import type { ComponentChildren, JSX, TargetedKeyboardEvent } from "preact";
import { useRef } from "preact/hooks";
import { FaultyText, type FaultyPart } from "../controls/faulty-text.tsx";
import { printable } from "../../report/index.ts";
import { offersFor } from "./completion.ts";
import { askTyped, searching, searchText } from "./search-state.ts";

const NO_WORDS = { interfaces: [], networks: [], sets: [], addresses: [] };

/** The line that a question is written in: what is wrong is underlined, and words are offered. `children` stand beside its label. */
export function QuestionLine({
  fault,
  children,
}: {
  readonly fault: FaultyPart | undefined;
  readonly children: ComponentChildren;
}): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  const backdrop = useRef<HTMLDivElement>(null);
  const open = useSignal(false);
  const chosen = useSignal(-1);
  const cursor = useSignal(0);
  const { words } = searching();
  const offered = useComputed(() => offersFor(searchText.value.slice(0, cursor.value), words.answer.value.value ?? NO_WORDS));
  const text = searchText.value;
  const { from, offers } = offered.value;
  const shows = open.value && offers.length > 0;

  const follow = (): void => {
    const element = input.current;
    if (!element) return;
    cursor.value = element.selectionStart ?? element.value.length;
    if (backdrop.current) backdrop.current.scrollLeft = element.scrollLeft;
  };
  const take = (index: number): void => {
    const offer = offers[index];
    const element = input.current;
    if (!offer || !element) return;
    const rest = text.slice(cursor.value);
    const before = `${text.slice(0, from)}${offer.text}${rest.startsWith(" ") ? "" : " "}`;
    searchText.value = before + rest;
    element.value = searchText.value;
    element.setSelectionRange(before.length, before.length);
    element.focus();
    cursor.value = before.length;
    chosen.value = -1;
  };
  const press = (event: TargetedKeyboardEvent<HTMLInputElement>): void => {
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      if (!open.value) {
        follow();
        open.value = true;
        chosen.value = -1;
      }
      const count = offers.length;
      const next = chosen.value + (key === "ArrowDown" ? 1 : -1);
      chosen.value = count === 0 ? -1 : next >= count ? 0 : next < 0 ? count - 1 : next;
    } else if (key === "Enter") {
      event.preventDefault();
      if (shows && chosen.value >= 0) take(chosen.value);
      else {
        open.value = false;
        void askTyped();
      }
    } else if (key === "Escape" && open.value) {
      event.preventDefault();
      open.value = false;
    }
  };
  return (
    <div class="field">
      <div class="row">
        <label for="policy-question" class="label">
          Who can reach whom?
        </label>
        <span class="spacer" />
        {children}
      </div>
      <div class="row policy-line">
        <div class="policy-input">
          <div class="policy-backdrop" aria-hidden="true" ref={backdrop}>
            <FaultyText text={text} faults={fault ? [fault] : []} />
          </div>
          <input
            ref={input}
            id="policy-question"
            class="input rule-text"
            type="text"
            role="combobox"
            aria-expanded={shows}
            aria-controls="policy-offers"
            aria-autocomplete="list"
            aria-activedescendant={shows && chosen.value >= 0 ? `policy-offer-${chosen.value}` : undefined}
            aria-invalid={fault !== undefined}
            aria-describedby={fault ? "policy-question-fault" : undefined}
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            placeholder="who can reach 10.0.0.5:5432?"
            value={text}
            onInput={event => {
              searchText.value = event.currentTarget.value;
              follow();
              open.value = true;
              chosen.value = -1;
            }}
            onKeyDown={press}
            onKeyUp={follow}
            onScroll={follow}
            onBlur={() => {
              open.value = false;
            }}
          />
          <ul id="policy-offers" class="policy-offers" role="listbox" aria-label="Words that can stand here" hidden={!shows}>
            {offers.map((offer, index) => (
              <li
                key={offer.text}
                id={`policy-offer-${index}`}
                role="option"
                aria-selected={index === chosen.value}
                // The input keeps the focus.
                onMouseDown={event => {
                  event.preventDefault();
                  take(index);
                }}
              >
                <span class="rule-text">{printable(offer.text)}</span> <span class="faint small">{offer.about}</span>
              </li>
            ))}
          </ul>
        </div>
        <button type="button" class="button primary" onClick={() => void askTyped()}>
          Ask
        </button>
      </div>
    </div>
  );
}
