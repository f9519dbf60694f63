import { batch } from "@preact/signals";
import type { FileText, PageText, ServedDocument } from "../../report/serve/index.ts";
import { documents, opened, openDocuments, origin, shown } from "../state/documents.ts";
import { standing } from "./state.ts";

/** Opens a firewall of the command line. */
export function openServed({ id, name, texts, readOnly, paths, hashes }: ServedDocument): void {
  openDocuments(texts, { name, readOnly: readOnly ?? undefined, paths, served: { id, hashes } });
}

/** Opens a file of the root: rules in place of what is open, sets and a host beside it. */
export function openFile(file: FileText): void {
  const kind = textOf(file);
  const { path, text, hash, both, readOnly } = file;
  const beside = kind === "sets" || kind === "host";
  batch(() => {
    if (beside && origin.value.readOnly === undefined) {
      documents.value = { ...documents.value, [kind]: text };
      opened.value = { ...opened.value, [kind]: text };
      const { id, hashes } = standing.value;
      origin.value = {
        ...origin.value,
        paths: { ...origin.value.paths, [kind]: path },
        served: { id, hashes: { ...hashes, [kind]: hash } },
      };
    } else {
      openDocuments(both ? { rules4: both[4], rules6: both[6] } : { [kind]: text }, {
        name: nameOf(path),
        readOnly: readOnly ?? undefined,
        paths: readOnly === null ? { [kind]: path } : {},
        served: { id: undefined, hashes: { [kind]: hash } },
      });
    }
    shown.value = kind;
  });
}

/** Which text a file is. */
export function textOf({ kind, family }: Pick<FileText, "kind" | "family">): PageText {
  if (kind === "sets" || kind === "host") return kind;
  return family === 6 ? "rules6" : "rules4";
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
