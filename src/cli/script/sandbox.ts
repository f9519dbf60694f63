import { spawn } from "node:child_process";
import { release } from "node:os";
import { isRoot, NOBODY } from "./id-map.ts";
import type { Ended, Job, Outside } from "./job.ts";
import { prlimitWords } from "./limits.ts";
import { STAGE } from "./stage.ts";
import { Supervision } from "./supervision.ts";

/** The capabilities that a script has in its own namespaces: to set up the network, and to read what root would. */
const CAPABILITIES = ["net_admin", "net_raw", "net_bind_service", "dac_read_search", "kill"];

/** Runs a command in fresh user, mount, pid, network, uts, ipc and cgroup namespaces, unless `unwanted` stops it. Throws NoSandbox or Stopped. */
export async function runInSandbox(job: Job, outside: Outside, unwanted?: AbortSignal): Promise<Ended> {
  const root = isRoot();
  const child = spawn("setpriv", [...privileges(root), "unshare", ...NAMESPACES, "/bin/sh", "-c", STAGE, "stage", ...stageWords(job)], {
    cwd: "/",
    detached: true,
    env: { PATH: PATHS, HOME: "/tmp", USER: "root", LOGNAME: "root", SHELL: "/bin/sh", LANG: "C", TERM: "dumb", ...job.env },
    stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"],
  });
  const run = new Supervision(child, job, outside);
  const stop = (): void => run.stop();
  unwanted?.addEventListener("abort", stop);
  if (unwanted?.aborted) stop();
  try {
    return await run.ended;
  } finally {
    unwanted?.removeEventListener("abort", stop);
    run.close();
  }
}

const PATHS = "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin";
const NAMESPACES = [
  "--user",
  "--keep-caps",
  "--mount",
  "--pid",
  "--net",
  "--uts",
  "--ipc",
  "--cgroup",
  "--fork",
  "--kill-child=KILL",
  "--propagation",
  "private",
];

/** Root becomes nobody first: what is root's on the machine must not be this script's. */
const privileges = (root: boolean): readonly string[] => [
  ...(root ? [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"] : []),
  "--pdeathsig=KILL",
  "--no-new-privs",
];

function stageWords({ folder, file, command, limits }: Job): readonly string[] {
  const bounded = ["--bounding-set=-all", ...CAPABILITIES.map(name => `+${name}`)].join(",");
  return [
    folder ?? "",
    file ?? "",
    ...prlimitWords(limits, release()),
    "setpriv",
    bounded,
    "--inh-caps=-all",
    "--ambient-caps=-all",
    "--no-new-privs",
    ...command,
  ];
}
