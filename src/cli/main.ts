#!/usr/bin/env node
import { toolCall } from "./tools/index.ts";

process.stdout.on("error", (fault: NodeJS.ErrnoException) => {
  // The reader went away (| head): nothing is wrong.
  if (fault.code === "EPIPE") process.exit(0);
  throw fault;
});
const [, program, ...argv] = process.argv;
const call = toolCall(program, argv);
// Only what is needed is loaded: a firewall script calls the tools a thousand times.
process.exitCode = call ? await (await import("./tools/run.ts")).runToolCall(call) : await (await import("./program.ts")).run(argv);
