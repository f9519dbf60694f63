import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** ms after which the browser has read the file. */
const PATIENCE = 20_000;

/**
 * Opens a URL in the person's browser. Words of a command can be read by everybody on the machine, so the browser is given a file, which only
 * its owner can read, that leads to the URL.
 */
export async function openBrowser(url: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "ferrule-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const file = join(folder, "open.html");
  await writeFile(file, `<!doctype html><meta http-equiv="refresh" content="0;url=${url}"><a href="${url}">Ferrule</a>\n`, { mode: 0o600 });
  const program = process.platform === "darwin" ? "open" : "xdg-open";
  const child = spawn(program, [file], { stdio: "ignore", detached: true });
  child.on("error", () => console.error(`serve: this machine has no ${program}; open the address by hand`));
  child.unref();
  setTimeout(remove, PATIENCE).unref();
  process.once("exit", remove);
}
