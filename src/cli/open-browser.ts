import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reasonOf } from "./reason.ts";

/** ms after which the browser has read the file. */
const PATIENCE = 60_000;

/**
 * Opens a URL in the person's browser. Words of a command can be read by everybody on the machine, so the browser is given a file, which only
 * its owner can read, that leads to the URL. Where that fails, stderr says so, and nothing else happens.
 */
export async function openBrowser(url: string): Promise<void> {
  const program = process.platform === "darwin" ? "open" : "xdg-open";
  try {
    const child = spawn(program, [await fileLeadingTo(url)], { stdio: "ignore", detached: true });
    child.on("error", () => fail(`this machine has no ${program}`));
    child.on("exit", status => status !== null && status !== 0 && fail(`${program} cannot open it`));
    child.unref();
  } catch (fault) {
    fail(`no file can be made in ${tmpdir()}: ${reasonOf(fault)}`);
  }
}

const fail = (reason: string): void => console.error(`serve: ${reason}; open the address by hand`);

/** Makes a page that goes on to the URL at once; it is removed after a while, at the latest with this process. */
async function fileLeadingTo(url: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "ferrule-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  setTimeout(remove, PATIENCE).unref();
  process.once("exit", remove);
  const file = join(folder, "open.html");
  await writeFile(file, `<!doctype html><meta http-equiv="refresh" content="0;url=${url}"><a href="${url}">Ferrule</a>\n`, { mode: 0o600 });
  return file;
}
