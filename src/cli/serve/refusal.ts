import type { ApiFault, RefusalCode } from "../../report/serve/index.ts";

type Status = 400 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 428 | 500 | 503;

const STATUS: Readonly<Record<RefusalCode, Status>> = {
  method: 405,
  host: 403,
  origin: 403,
  "cross-site": 403,
  token: 403,
  path: 403,
  "no-root": 404,
  "not-found": 404,
  "not-text": 415,
  "too-large": 413,
  precondition: 428,
  conflict: 409,
  "read-only": 403,
  request: 400,
  busy: 503,
  kernel: 503,
  script: 422,
  disk: 500,
  fault: 500,
};

/** A request that is not served, and why; thrown where that is found out, answered as an ApiFault. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly status: Status;
  /** For a conflict: what is on disk. */
  readonly hash: string | null | undefined;
  constructor(code: RefusalCode, message: string, hash?: string | null) {
    super(message);
    this.name = "Refusal";
    this.code = code;
    this.status = STATUS[code];
    this.hash = hash;
  }

  /** What the answer says. */
  body(): ApiFault {
    return { error: { code: this.code, message: this.message }, ...(this.hash !== undefined && { hash: this.hash }) };
  }
}
