/** Started as somebody else: saves files of a folder over a content, and prints what came of each as JSON. */
import { rootOf } from "../../src/cli/serve/index.ts";
import { saveFile } from "../../src/cli/serve/root-files.ts";
import { hashOf } from "../../src/cli/serve/token.ts";

const [folder = "", content = "", ...names] = process.argv.slice(2);
const root = await rootOf(folder);
const bytes = new TextEncoder().encode(`${content}# saved\n`);
const told: string[] = [];
for (const name of names)
  told.push(
    await saveFile(root, name, bytes, { hash: hashOf(content) }).then(
      () => "saved",
      (fault: { readonly code: string; readonly message: string }) => `${fault.code}: ${fault.message}`,
    ),
  );
console.log(JSON.stringify(told));
