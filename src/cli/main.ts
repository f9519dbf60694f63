import { toolCall } from "./tools/index.ts";

process.stdout.on("error", (fault: NodeJS.ErrnoException) => {
  // The reader went away (| head): nothing is wrong.
  if (fault.code === "EPIPE") process.exit(0);
  throw fault;
});

/** Only what is needed is loaded: a firewall script calls the tools a thousand times. */
async function start([, program, ...argv]: readonly string[]): Promise<number> {
  const call = toolCall(program, argv);
  return call ? (await import("./tools/run.ts")).runToolCall(call) : (await import("./program.ts")).run(argv);
}

void start(process.argv).then(status => {
  process.exitCode = status;
});
