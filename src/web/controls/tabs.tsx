import type { JSX, TargetedKeyboardEvent } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** One tab of a list. */
export interface Tab<Name extends string> {
  readonly name: Name;
  readonly title: string;
  readonly about?: string;
}

/** A list of tabs: arrows move, and what they move to is shown. */
export function Tabs<Name extends string>(props: {
  readonly label: string;
  readonly tabs: readonly Tab<Name>[];
  readonly selected: Name;
  /** Id of the element that a tab shows. */
  readonly controls: string;
  readonly select: (name: Name) => void;
  /** What ids of the tabs start with. */
  readonly idPrefix: string;
}): JSX.Element {
  const { label, tabs, selected, controls, select, idPrefix } = props;
  const list = useRef<HTMLDivElement>(null);
  // Where there is no room for all tabs, the one that is shown must be among those that one sees.
  useEffect(() => {
    const bar = list.current;
    const tab = bar?.querySelector<HTMLElement>(`#${idPrefix}${selected}`);
    // By hand: scrollIntoView would also move the page, away from what stands above the tabs.
    if (bar && tab) bar.scrollLeft += middleOf(tab) - middleOf(bar);
  }, [selected, tabs.map(({ title }) => title).join()]);
  const move = (event: TargetedKeyboardEvent<HTMLDivElement>): void => {
    const at = tabs.findIndex(({ name }) => name === selected);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    const tab = next === undefined ? undefined : tabs[(next + tabs.length) % tabs.length];
    if (!tab) return;
    event.preventDefault();
    select(tab.name);
    event.currentTarget.querySelector<HTMLElement>(`#${idPrefix}${tab.name}`)?.focus();
  };
  return (
    <div class="tabs" ref={list} role="tablist" aria-label={label} onKeyDown={move}>
      {tabs.map(({ name, title, about }) => (
        <button
          key={name}
          type="button"
          role="tab"
          class="tab"
          id={`${idPrefix}${name}`}
          aria-selected={name === selected}
          aria-controls={controls}
          tabIndex={name === selected ? 0 : -1}
          title={about}
          onClick={() => select(name)}
        >
          {title}
        </button>
      ))}
    </div>
  );
}

const middleOf = (element: HTMLElement): number => {
  const { left, width } = element.getBoundingClientRect();
  return left + width / 2;
};
