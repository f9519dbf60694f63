/** Milliseconds before progress shows for the first time, and between two times. */
const PATIENCE = 1000;
const PACE = 200;

/** Shows how far long work is, on standard error when that is a terminal. */
export interface Progress {
  show(text: () => string): void;
  clear(): void;
}

/** Progress that shows nothing on short work. */
export function startProgress(): Progress {
  const { stderr } = process;
  let next = Date.now() + PATIENCE;
  let shown = false;
  return {
    show(text) {
      if (!stderr.isTTY) return;
      const now = Date.now();
      if (now < next) return;
      next = now + PACE;
      shown = true;
      stderr.write(`\r${text()}\x1b[K`);
    },
    clear() {
      if (shown) stderr.write("\r\x1b[K");
      shown = false;
    },
  };
}
