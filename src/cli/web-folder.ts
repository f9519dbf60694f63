import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Where the page is when it is built, from the sources and from each form of the program. */
const FOLDER = new URL("../../dist/web/", import.meta.url);

/** The folder of the built page; undefined when it is not built. */
export const webFolder = (): string | undefined => (existsSync(new URL("index.html", FOLDER)) ? fileURLToPath(FOLDER) : undefined);
