import type { JSX } from "preact";
import { useRef } from "preact/hooks";

/** Keys of the editor that nobody would guess. Where a Mac has Cmd, others have Ctrl. */
const KEYS: readonly (readonly [keys: string, does: string])[] = [
  ["Ctrl-Space", "offers what may stand here: chains, matches, options, values"],
  ["F1", "explains the word at the cursor, as pointing at it does"],
  ["F8", "goes to the next error or finding"],
  ["Ctrl-Shift-M", "lists errors and findings, with what can be done about each"],
  ["Ctrl-F", "searches and replaces"],
  ["Ctrl-Alt-G", "goes to a line"],
  ["Ctrl-Z, Ctrl-Y", "takes a change back, makes it again"],
  ["Alt-Up, Alt-Down", "moves a rule"],
  ["Shift-Alt-Down", "copies a rule"],
  ["Escape, then Tab", "leaves the editor"],
];

/** A button that tells the editor's keys. */
export function Keys(): JSX.Element {
  const element = useRef<HTMLDialogElement>(null);
  return (
    <>
      <button type="button" class="button plain small editor-small" aria-haspopup="dialog" onClick={() => element.current?.showModal()}>
        Keys
      </button>
      <dialog ref={element} class="dialog" aria-labelledby="keys-title">
        <div class="stack">
          <h2 id="keys-title">Keys of the editor</h2>
          <table class="table">
            <tbody>
              {KEYS.map(([keys, does]) => (
                <tr key={keys}>
                  <th scope="row">
                    <kbd>{keys}</kbd>
                  </th>
                  <td>{does}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <p class="soft small">On a Mac, Cmd stands for Ctrl in most of them.</p>
          <div class="row">
            <button type="button" class="button" onClick={() => element.current?.close()}>
              Close
            </button>
          </div>
        </div>
      </dialog>
    </>
  );
}
