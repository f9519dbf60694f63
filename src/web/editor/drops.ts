/** What is pasted where nothing takes text is opened. */
export function takePastes(open: {
  readonly files: (files: readonly File[]) => Promise<unknown>;
  readonly text: (text: string) => Promise<unknown>;
}): void {
  addEventListener("paste", event => {
    const [at] = event.composedPath();
    if (at instanceof HTMLElement && (at.isContentEditable || at.closest("input, textarea, [contenteditable], dialog[open]"))) return;
    const files = [...(event.clipboardData?.files ?? [])];
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (files.length > 0) void open.files(files);
    else if (text.trim() !== "") void open.text(text);
  });
}

/** Whatever is dropped anywhere on the page is opened; the editor would take a file's bytes for text otherwise. */
export function takeDrops(open: (files: readonly File[]) => Promise<unknown>): void {
  const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
  addEventListener(
    "dragover",
    event => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      document.documentElement.dataset["dragging"] = "";
    },
    { capture: true },
  );
  const over = (): void => {
    delete document.documentElement.dataset["dragging"];
  };
  addEventListener("dragleave", event => event.relatedTarget === null && over(), { capture: true });
  addEventListener("dragend", over, { capture: true });
  addEventListener(
    "drop",
    event => {
      over();
      if (!holdsFiles(event)) return;
      // A panel that takes files of its own kind says so.
      if (event.target instanceof Element && event.target.closest("[data-takes-files]")) return;
      event.preventDefault();
      event.stopPropagation();
      void open([...(event.dataTransfer?.files ?? [])]);
    },
    { capture: true },
  );
}
