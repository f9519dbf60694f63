import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { typedInto } from "../controls/typed-into.ts";
import { printable } from "../../report/index.ts";
import type { FileEntry, ServedDocument } from "../../report/serve/index.ts";
import { isEdited, origin } from "../state/documents.ts";
import { openEntry, listFiles, openDocument, openKernel } from "./opening.ts";
import { files, link, standing } from "./state.ts";

/** Rows of the list that are drawn; more are found by their names. */
const MOST_SHOWN = 300;

const KINDS: Readonly<Record<FileEntry["kind"], string>> = {
  save: "rules",
  specs: "rules (-S)",
  list: "rules (listing)",
  script: "script",
  sets: "ipsets",
  host: "host",
};

/** What the server has: the firewalls of its command line, the running rules, and the files of its folder. */
export function FilesPanel({ close }: { readonly close: () => void }): JSX.Element {
  const filter = useSignal("");
  const busy = useSignal<string | undefined>(undefined);
  useEffect(() => void listFiles(), []);
  const { value: now } = link;
  if (now.state === "none") return <></>;
  const { documents, root, kernel } = now.workspace;
  const open = (name: string, act: () => Promise<boolean>): void => {
    if (isEdited.value && !globalThis.confirm(`${origin.value.name} has changes that are not saved. Open ${name} instead?`)) return;
    busy.value = name;
    void act().then(done => {
      busy.value = undefined;
      if (done) close();
    });
  };
  const wanted = filter.value.toLowerCase();
  const found = files.value?.files.filter(({ path }) => path.toLowerCase().includes(wanted)) ?? [];
  return (
    <div class="stack">
      <div class="row remote-head">
        <h2>Files of the server</h2>
        {busy.value === undefined ? null : <span class="busy" role="img" aria-label={`opening ${busy.value}`} />}
        <button type="button" class="button" onClick={close}>
          Close
        </button>
      </div>
      {documents.length > 0 ? (
        <section class="remote-section" aria-label="Named on the command line">
          <h3 class="label">Named on the command line</h3>
          <ul class="remote-list">
            {documents.map(each => (
              <DocumentRow key={each.id} document={each} open={() => open(each.name, () => openDocument(each.id))} />
            ))}
          </ul>
        </section>
      ) : null}
      {documents.some(each => each.kernel !== null) ? null : kernel.available ? (
        <button type="button" class="button" onClick={() => open("the running rules", openKernel)}>
          Open a copy of the running rules
        </button>
      ) : (
        <p class="label">The running rules are not here: {kernel.reason}.</p>
      )}
      {root === null ? (
        <p>
          No folder is open. <code>ferrule serve --root DIR</code> lists the rulesets of a folder here, and saves them there.
        </p>
      ) : (
        <>
          <div class="field">
            <label for="remote-filter">
              Files of the folder <span class="from-rules">{printable(root)}</span>: find
            </label>
            <input id="remote-filter" class="input" type="search" {...typedInto(filter)} />
          </div>
          {files.value === undefined ? <p>Looking into the folder …</p> : null}
          {files.value !== undefined && found.length === 0 ? (
            <p>{wanted === "" ? "There are no rulesets, scripts, ipsets or host files in this folder." : "No file has such a name."}</p>
          ) : null}
          <ul class="remote-list" aria-label="Files">
            {found.slice(0, MOST_SHOWN).map(each => (
              <FileRow key={each.path} entry={each} open={() => open(each.path, () => openEntry(each))} />
            ))}
          </ul>
          {found.length > MOST_SHOWN ? <p class="label">{found.length - MOST_SHOWN} more: type a part of the name.</p> : null}
          {files.value?.truncated ? <p class="label">The folder holds more files than are listed.</p> : null}
        </>
      )}
    </div>
  );
}

function DocumentRow({ document, open }: { readonly document: ServedDocument; readonly open: () => void }): JSX.Element {
  return (
    <li>
      <button type="button" class="remote-entry" aria-current={standing.value.id === document.id} onClick={open}>
        <span class="from-rules">{printable(document.name)}</span>
        <span class="badge">{document.kernel === null ? (document.readOnly === null ? "rules" : "script") : "running rules"}</span>
      </button>
    </li>
  );
}

function FileRow({ entry, open }: { readonly entry: FileEntry; readonly open: () => void }): JSX.Element {
  const { path, kind, size, changed } = entry;
  const current = Object.values(origin.value.paths ?? {}).includes(path);
  return (
    <li>
      <button type="button" class="remote-entry" aria-current={current} onClick={open}>
        <span class="from-rules">{printable(path)}</span>
        <span class="badge">{KINDS[kind]}</span>
        <span class="label">
          {sizeText(size)}, {new Date(changed).toLocaleString()}
        </span>
      </button>
    </li>
  );
}

const sizeText = (bytes: number): string =>
  bytes < 10_000 ? `${bytes} bytes` : bytes < 10_000_000 ? `${Math.round(bytes / 1000)} kB` : `${Math.round(bytes / 1e6)} MB`;
