#!/usr/bin/env node
import { setFlagsFromString } from "node:v8";
import { toolCall } from "./tools/index.ts";

// V8 compiles what runs often on another thread. Most commands are over before that pays: with its own measure of often they cost half as much again.
setFlagsFromString("--interrupt-budget=1000000");

process.stdout.on("error", (fault: NodeJS.ErrnoException) => {
  // The reader went away (| head): nothing is wrong.
  if (fault.code === "EPIPE") process.exit(0);
  throw fault;
});
const [, program, ...argv] = process.argv;
const call = toolCall(program, argv);
// Only what is needed is loaded: a firewall script calls the tools a thousand times.
process.exitCode = call ? await (await import("./tools/run.ts")).runToolCall(call) : await (await import("./program.ts")).run(argv);
