import type { ChildProcess } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { FUNCTIONS } from "./functions.ts";
import { mapIds } from "./id-map.ts";
import { NoSandbox, Stopped, type Ended, type Job, type Outside } from "./job.ts";
import { firstChild, usageOf } from "./processes.ts";
import { Queue } from "./queue.ts";
import { SHIM_FILES, standsLine } from "./shims.ts";
import { OWN } from "./stage.ts";

/** Bytes that the stage may say: settings and interfaces. */
const MOST_TOLD = 8 << 20;
const MOST_COMPLAINT = 4096;
/** Milliseconds between two looks at what is used up. */
const LOOK = 100;
/** Milliseconds that furnishing may take, and telling of the network at the end. */
const PATIENCE = 60_000;

/** Watches over one sandbox from outside: furnishes it, answers its requests, stops it when it uses up too much. */
export class Supervision {
  readonly ended: Promise<Ended>;
  private readonly child: ChildProcess;
  private readonly job: Job;
  private readonly outside: Outside;
  private readonly parts = new Map<string, string[]>();
  private readonly waiting: number[] = [];
  private queue: Queue | undefined;
  private part: string[] = [];
  private rest = "";
  private told = 0;
  private printed = 0;
  private calls = 0;
  private busy = false;
  private complaint = "";
  private status: number | undefined;
  private watch: NodeJS.Timeout | undefined;
  private patience: NodeJS.Timeout | undefined;
  private finish: { resolve(ended: Ended): void; reject(reason: Error): void } = { resolve: () => undefined, reject: () => undefined };

  constructor(child: ChildProcess, job: Job, outside: Outside) {
    this.child = child;
    this.job = job;
    this.outside = outside;
    this.ended = new Promise((resolve, reject) => (this.finish = { resolve, reject }));
    this.wait();
    child.on("error", fault => this.fail(new NoSandbox(`setpriv and unshare of util-linux are needed: ${fault.message}`)));
    child.on("exit", () => setImmediate(() => this.fail(this.lost())));
    child.stderr?.on("data", (bytes: Buffer) => (this.complaint = (this.complaint + bytes.toString()).slice(-MOST_COMPLAINT)));
    (child.stdio[4] as Readable | null)?.on("data", (bytes: Buffer) => this.hear(bytes));
    (child.stdio[3] as Writable | null)?.on("error", () => undefined);
  }

  /** Nobody wants to know any more. */
  stop(): void {
    this.fail(new Stopped("nobody waits for it any more"));
  }

  close(): void {
    clearInterval(this.watch);
    clearTimeout(this.patience);
    this.queue?.close();
    // The first process of the namespace dies with its parent, and everything in the namespace with it.
    this.child.kill("SIGKILL");
    for (const stream of this.child.stdio) stream?.destroy();
  }

  private fail(reason: Error): void {
    this.finish.reject(reason);
  }

  /** Why the sandbox ended without a word. */
  private lost(): Error {
    const complaint = this.complaint.trim();
    return this.watch
      ? new Stopped(`its sandbox ended under it ${complaint}`.trim())
      : new NoSandbox(complaint || "it ended before it began");
  }

  /** What the stage says on its descriptor 4, line by line. The script has no part in it. */
  private hear(bytes: Buffer): void {
    this.told += bytes.length;
    if (this.told > MOST_TOLD) return this.fail(new Stopped("it made more interfaces and routes than can be told"));
    const lines = (this.rest + bytes.toString()).split("\n");
    this.rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.startsWith(" ")) this.part.push(line.slice(1));
      else this.step(line);
    }
  }

  private step(line: string): void {
    const [word, ...more] = line.split(" ");
    try {
      switch (word) {
        case "born":
          mapIds(this.child.pid ?? 0);
          return this.go("");
        case "open":
          this.openQueue();
          return this.go(`${standsLine(this.job.real)}\n${this.job.libraries.join(" ")}`);
        case "part":
          this.parts.set(more.join(" "), (this.part = []));
          return;
        case "run":
          return this.begin();
        case "end":
          this.status = Number(more[0]);
          clearInterval(this.watch);
          return this.wait();
        case "done":
          return void this.drained();
        default:
          return this.fail(new NoSandbox(more.join(" ")));
      }
    } catch (fault) {
      this.fail(new NoSandbox((fault as Error).message));
    }
  }

  private openQueue(): void {
    this.queue = new Queue(
      `/proc/${this.child.pid}/root${OWN}/q`,
      slot => {
        this.waiting.push(slot);
        void this.serve();
      },
      bytes => this.say(bytes),
    );
    for (const [name, text] of Object.entries(SHIM_FILES)) this.queue.put(name, text);
    this.queue.put("network", this.job.network);
    this.queue.put("functions", FUNCTIONS);
    if (this.job.text) this.queue.put("script", this.job.text);
  }

  private go(line: string): void {
    (this.child.stdio[3] as Writable).write(`${line}\n`);
  }

  private begin(): void {
    clearTimeout(this.patience);
    const { wall, cpu, memory } = this.job.limits;
    const start = performance.now();
    this.watch = setInterval(() => {
      const init = firstChild(this.child.pid ?? 0);
      if (init === undefined) return;
      const used = usageOf(init);
      if (used.cpu > cpu) this.fail(new Stopped(`it used more than ${cpu} s of processor time (--script-time)`));
      else if (used.memory > memory) this.fail(new Stopped(`it used more than ${memory >> 20} MiB of memory`));
      else if (performance.now() - start > wall * 1000)
        this.fail(
          new Stopped(
            `it was not done after ${wall} s, and ${Math.max(0, used.processes - 1)} of its processes were running (--script-time)`,
          ),
        );
    }, LOOK);
  }

  private wait(): void {
    this.patience = setTimeout(() => this.fail(new NoSandbox("it was not ready in time")), PATIENCE);
  }

  private async serve(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    for (let slot = this.waiting.shift(); slot !== undefined; slot = this.waiting.shift()) {
      const request = this.queue?.take(slot);
      if (!request) continue;
      if (++this.calls > this.job.limits.calls) return this.fail(new Stopped(`it called tools more than ${this.job.limits.calls} times`));
      if (request.excess) return this.fail(new Stopped("it gave a tool more than 8 MiB to read"));
      this.listen();
      try {
        this.queue?.reply(slot, await this.outside.answer(request));
      } catch (fault) {
        return this.fail(fault as Error);
      }
    }
    this.busy = false;
  }

  /** Takes what was printed before now, so that it stands before what comes now. */
  private listen(): void {
    for (const bytes of this.queue?.heard() ?? []) this.say(bytes);
  }

  private say(bytes: Uint8Array): void {
    this.printed += bytes.length;
    const most = this.job.limits.output;
    if (this.printed > most) this.fail(new Stopped(`it printed more than ${most >> 20} MiB`));
    else this.outside.said(bytes);
  }

  /** The script has ended, what it printed may still be under way. */
  private async drained(): Promise<void> {
    this.listen();
    await this.serve();
    this.finish.resolve({
      status: this.status ?? 0,
      parts: new Map([...this.parts].map(([name, lines]): [string, string] => [name, lines.map(line => `${line}\n`).join("")])),
    });
  }
}
