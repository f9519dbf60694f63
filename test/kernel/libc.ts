/** The system calls that the harness needs, called through koffi. Numbers are Linux's on every 64-bit machine. */
import koffi from "koffi";

type Call<Arguments extends unknown[]> = (...values: Arguments) => number;

const libc = koffi.load(null);
const sysOpen: Call<[string, number]> = libc.func("int open(const char *path, int flags)");
const sysIoctl: Call<[number, number, Uint8Array]> = libc.func("int ioctl(int fd, unsigned long request, void *argument)");
const sysRead: Call<[number, Uint8Array, number]> = libc.func("intptr_t read(int fd, void *buffer, size_t size)");
const sysWrite: Call<[number, Uint8Array, number]> = libc.func("intptr_t write(int fd, const void *buffer, size_t size)");
const sysSocket: Call<[number, number, number]> = libc.func("int socket(int domain, int type, int protocol)");
const sysBind: Call<[number, Uint8Array, number]> = libc.func("int bind(int fd, const void *address, uint32_t size)");
const sysSendto: Call<[number, Uint8Array, number, number, Uint8Array | null, number]> = libc.func(
  "intptr_t sendto(int fd, const void *buffer, size_t size, int flags, const void *address, uint32_t addressSize)",
);
const sysRecv: Call<[number, Uint8Array, number, number]> = libc.func("intptr_t recv(int fd, void *buffer, size_t size, int flags)");
const sysSetsockopt: Call<[number, number, number, Uint8Array, number]> = libc.func(
  "int setsockopt(int fd, int level, int name, const void *value, uint32_t size)",
);
const setfsuid: Call<[number]> = libc.func("int setfsuid(uint32_t uid)");
const setfsgid: Call<[number]> = libc.func("int setfsgid(uint32_t gid)");

const O_RDWR_NONBLOCK = 0x2 | 0x800;
const MSG_DONTWAIT = 0x40;
const EAGAIN = 11;
const ENOBUFS = 105;

/** A system call that failed: its name and errno. */
export class SystemCallError extends Error {
  readonly errno: number;
  constructor(call: string, errno: number) {
    super(`${call}: errno ${errno}`);
    this.errno = errno;
  }
}

function checked(call: string, result: number): number {
  if (result < 0) throw new SystemCallError(call, koffi.errno());
  return result;
}

/** Opens a file read-write and non-blocking; throws SystemCallError. */
export const openNonBlocking = (path: string): number => checked(`open ${path}`, sysOpen(path, O_RDWR_NONBLOCK));
export const ioctl = (fd: number, request: number, argument: Uint8Array): number =>
  checked(`ioctl ${request}`, sysIoctl(fd, request, argument));
export const socket = (domain: number, type: number, protocol: number): number => checked("socket", sysSocket(domain, type, protocol));
export const bind = (fd: number, address: Uint8Array): number => checked("bind", sysBind(fd, address, address.length));

/** Sets an integer socket option; throws SystemCallError. */
export function setOption(fd: number, level: number, name: number, value: number): void {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value | 0, true);
  checked(`setsockopt ${level}/${name}`, sysSetsockopt(fd, level, name, bytes, 4));
}

/** Bytes read into `buffer`, or -1 when there is nothing to read. */
export function readNow(fd: number, buffer: Uint8Array): number {
  return nothingWaits("read", sysRead(fd, buffer, buffer.length));
}

/** Bytes received into `buffer`, or -1 when there is nothing to receive. */
export function receiveNow(fd: number, buffer: Uint8Array): number {
  return nothingWaits("recv", sysRecv(fd, buffer, buffer.length, MSG_DONTWAIT));
}

function nothingWaits(call: string, result: number): number {
  if (result >= 0) return result;
  const errno = koffi.errno();
  if (errno === EAGAIN || errno === ENOBUFS) return -1;
  throw new SystemCallError(call, errno);
}

/** Writes bytes; 0 or the errno. */
export function write(fd: number, bytes: Uint8Array): number {
  return sysWrite(fd, bytes, bytes.length) < 0 ? koffi.errno() : 0;
}

/** Sends bytes to a socket address, or to the connected peer without one; 0 or the errno. */
export function sendTo(fd: number, bytes: Uint8Array, address: Uint8Array | null): number {
  return sysSendto(fd, bytes, bytes.length, 0, address, address?.length ?? 0) < 0 ? koffi.errno() : 0;
}

/** Runs `work` with the file-system user and group ids, which sockets opened meanwhile keep as their owner's (xt_owner.c asks them). */
export function asOwner<Result>(uid: number, gid: number, work: () => Result): Result {
  setfsgid(gid);
  setfsuid(uid);
  try {
    return work();
  } finally {
    setfsuid(0);
    setfsgid(0);
  }
}
