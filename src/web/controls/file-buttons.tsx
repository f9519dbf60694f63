import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { printable } from "../../report/index.ts";
import { reasonOf } from "../work/reason.ts";
import { save } from "../work/save-file.ts";

/** A file that can be had: what its button says, what the file is called, and its text. */
export interface OfferedFile {
  readonly title: string;
  readonly about?: string;
  readonly name: string;
  /** Its media type. */
  readonly type: string;
  readonly disabled?: boolean;
  make(): Promise<string> | string;
}

/** A button for each file, which makes it and hands it to the browser; one is made at a time, and what goes wrong stands behind them. */
export function FileButtons({ files, small = false }: { readonly files: readonly OfferedFile[]; readonly small?: boolean }): JSX.Element {
  const busy = useSignal("");
  const fault = useSignal("");
  const give = async ({ title, name, type, make }: OfferedFile): Promise<void> => {
    busy.value = title;
    fault.value = "";
    try {
      save(new Blob([await make()], { type }), name);
    } catch (thrown) {
      fault.value = `${name} was not made: ${reasonOf(thrown)}.`;
    }
    busy.value = "";
  };
  return (
    <>
      {files.map(file => (
        <button
          key={file.title}
          type="button"
          class={small ? "button small" : "button"}
          title={file.about}
          disabled={file.disabled === true || busy.value !== ""}
          onClick={() => void give(file)}
        >
          {busy.value === file.title ? <span class="busy" aria-hidden="true" /> : null}
          {file.title}
        </button>
      ))}
      <span role="status" class="soft small from-rules">
        {printable(fault.value)}
      </span>
    </>
  );
}
