/** What a script may use up before it is stopped. */
export interface Limits {
  /** Seconds from its start to its end. */
  readonly wall: number;
  /** Seconds of processor time, all its processes together. */
  readonly cpu: number;
  /** Bytes in memory, all its processes together. */
  readonly memory: number;
  /** Bytes that it prints. */
  readonly output: number;
  readonly processes: number;
  /** Calls of iptables and the like. */
  readonly calls: number;
  /** Rules of both families. */
  readonly rules: number;
}

export const LIMITS: Limits = { wall: 60, cpu: 40, memory: 1 << 30, output: 64 << 20, processes: 256, calls: 1_000_000, rules: 300_000 };

/** Bytes of address space of one process, and of one file. */
const SPACE = 1 << 30;
const FILE = 32 << 20;

/** Words for prlimit: what the kernel itself holds each process to; for processor time a little more, so that the reason is told. Before Linux 5.14 processes are counted over the whole machine. */
export function prlimitWords({ cpu, processes }: Limits, release: string): readonly string[] {
  const [major = 0, minor = 0] = release.split(".").map(Number);
  const counted = major > 5 || (major === 5 && minor >= 14) ? processes : processes + 8192;
  return [
    `--cpu=${Math.ceil(cpu) + 5}`,
    `--as=${SPACE}`,
    `--fsize=${FILE}`,
    `--nproc=${counted}`,
    "--nofile=256",
    "--core=0",
    "--memlock=65536",
    "--msgqueue=0",
  ];
}
