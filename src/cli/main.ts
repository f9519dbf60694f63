#!/usr/bin/env node
import { run } from "./program.ts";

process.stdout.on("error", (fault: NodeJS.ErrnoException) => {
  // The reader went away (| head): nothing is wrong.
  if (fault.code === "EPIPE") process.exit(0);
  throw fault;
});
process.exitCode = await run(process.argv.slice(2));
