import type { JSX } from "preact";
import { openCapture } from "./running.ts";

/** Opens a capture by the browser's own choice of files. */
export function OpenButton({ primary = false }: { readonly primary?: boolean }): JSX.Element {
  return (
    <label class={primary ? "button primary replay-open" : "button replay-open"}>
      {primary ? "Open a capture…" : "Open another…"}
      <input
        type="file"
        class="visually-hidden"
        accept=".pcap,.pcapng,.cap,.gz,application/vnd.tcpdump.pcap,application/octet-stream"
        onChange={event => {
          const [file] = event.currentTarget.files ?? [];
          event.currentTarget.value = "";
          if (file) openCapture(file);
        }}
      />
    </label>
  );
}
