import { spawnSync } from "node:child_process";

/** What a whole process used, of its own account at its end. */
export interface Usage {
  /** ms of processor time, of user and system together. */
  readonly processor: number;
  /** ms from start to end. */
  readonly wall: number;
  /** MiB at the peak. */
  readonly memory: number;
}

/** Reports at its exit what it used, on a line of standard error of its own. */
const REPORT = `process.on("exit",()=>{const{userCPUTime:u,systemCPUTime:s,maxRSS:m}=process.resourceUsage();process.stderr.write("\\nUSAGE "+JSON.stringify([(u+s)/1000,m/1024])+"\\n")})`;

/** Runs the command line as users do; throws when it does not end with one of the statuses. */
export function ferruleUsage(args: readonly string[], input = "", statuses: readonly number[] = [0]): Usage {
  return nodeUsage(["dist/bundle/main.js", ...args], input, statuses);
}

/** A process of Node that does nothing. */
export const bareNode = (): Usage => nodeUsage(["-e", ""], "", [0]);

function nodeUsage(args: readonly string[], input: string, statuses: readonly number[]): Usage {
  const start = performance.now();
  const { status, stderr, error } = spawnSync(
    process.execPath,
    ["--import", `data:text/javascript,${encodeURIComponent(REPORT)}`, ...args],
    {
      input,
      encoding: "utf8",
      env: { ...process.env, NO_COLOR: "1" },
      maxBuffer: 1 << 30,
      timeout: 600_000,
    },
  );
  const wall = performance.now() - start;
  const said = /^USAGE (.*)$/m.exec(stderr)?.[1];
  if (error || said === undefined || !statuses.includes(status ?? -1))
    throw new Error(`exit ${status}: ${error?.message ?? stderr.slice(0, 500)}`);
  const [processor, memory] = JSON.parse(said) as [number, number];
  return { processor, wall, memory };
}

/** The run of several that took the least processor time. */
export function best(runs: number, run: () => Usage): Usage {
  return Array.from({ length: runs }, run).toSorted((a, b) => a.processor - b.processor)[0] as Usage;
}
