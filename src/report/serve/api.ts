import type { Family } from "../../predicate/index.ts";

/** The version of all that is said below; it changes when a field changes its meaning or goes away. */
export const SERVE_API_VERSION = 1;

/** The header of a request that carries the token. */
export const TOKEN_HEADER = "X-Ferrule-Token";

/** The texts that make a firewall: the rules of each family, its ipsets (`ipset save`) and its machine (a host file). */
export const PAGE_TEXTS = ["rules4", "rules6", "sets", "host"] as const;

/** One of the texts. */
export type PageText = (typeof PAGE_TEXTS)[number];

/** All of them; empty where there is none. */
export type PageTexts = Readonly<Record<PageText, string>>;

/** One firewall that was named on the command line. */
export interface ServedDocument {
  /** Names it in events. */
  readonly id: string;
  /** As people call it. */
  readonly name: string;
  readonly texts: PageTexts;
  /** Why the texts must not be edited; null when they may be. */
  readonly readOnly: string | null;
  /** For texts that can be saved: their paths under the root, and the hashes of what was read. */
  readonly paths: Readonly<Partial<Record<PageText, string>>>;
  readonly hashes: Readonly<Partial<Record<PageText, string>>>;
  /** For the running rules: which of them; the event `kernel` brings new ones. */
  readonly kernel: KernelChoice | null;
  /** Sentences about how it was read. */
  readonly notes: readonly string[];
  /** Why it cannot be read any more; its texts are empty then. */
  readonly fault: string | null;
}

/** Can the server do a thing, and if not, why. */
export type Capability = { readonly available: true } | { readonly available: false; readonly reason: string };

/** What was opened: `GET /api/workspace`. */
export interface Workspace {
  readonly ferrule: "workspace";
  readonly version: typeof SERVE_API_VERSION;
  /** The program's version. */
  readonly program: string;
  /** The root folder's name; null without --root. */
  readonly root: string | null;
  readonly documents: readonly ServedDocument[];
  readonly kernel: Capability;
  readonly script: Capability;
}

/** What a file holds, by its first lines or its name. */
export type FileKind = "save" | "specs" | "list" | "script" | "sets" | "host";

/** A file under the root that the page can open. */
export interface FileEntry {
  /** From the root, parted by `/`. */
  readonly path: string;
  readonly kind: FileKind;
  /** Bytes. */
  readonly size: number;
  /** When it changed last, as ISO 8601. */
  readonly changed: string;
}

/** `GET /api/files`. */
export interface FileList {
  readonly files: readonly FileEntry[];
  /** There are more than are listed. */
  readonly truncated: boolean;
}

/** `GET /api/file?path=`. */
export interface FileText {
  readonly path: string;
  readonly text: string;
  /** What If-Match must say to save it. */
  readonly hash: string;
  /** Null when it is nothing that the page knows. */
  readonly kind: FileKind | null;
  readonly family: Family;
  /** For a file that holds the rules of both families: one text for each; such a file is read-only. */
  readonly both: Readonly<Record<Family, string>> | null;
  /** Why it cannot be saved; null when it can. */
  readonly readOnly: string | null;
}

/** `PUT /api/file?path=` answers the hash of what is on disk now. */
export interface Saved {
  readonly path: string;
  readonly hash: string;
}

/** Why a request was refused. */
export type RefusalCode =
  | "method"
  | "host"
  | "origin"
  | "cross-site"
  | "token"
  | "path"
  | "no-root"
  | "not-found"
  | "not-text"
  | "too-large"
  | "precondition"
  | "conflict"
  | "read-only"
  | "request"
  | "busy"
  | "kernel"
  | "script"
  | "disk"
  | "fault";

/** What every refused request answers; a conflict with the hash of what is on disk, null when the file is gone. */
export interface ApiFault {
  readonly error: { readonly code: RefusalCode; readonly message: string };
  readonly hash?: string | null;
}

/** The two places in the kernel where rules of iptables are. */
export type KernelBackend = "nft" | "legacy";

/** Which of them a document shows: one by name, or the first that has rules. */
export type KernelChoice = "any" | KernelBackend;

/** Packets and bytes of a rule or policy, by line of its text, as decimal strings. Lines count from 1. */
export type LineCount = readonly [line: number, packets: string, bytes: string];

/** The running rules of one family in one of the kernel's two backends. */
export interface KernelRules {
  readonly backend: KernelBackend;
  readonly family: Family;
  /** Save text without counters and comments. */
  readonly text: string;
  /** Lines without a packet are left out. */
  readonly counts: readonly LineCount[];
}

/** `GET /api/kernel`, and the event `kernel` when more than counters changed. */
export interface KernelReading {
  /** When it was read, as ISO 8601. */
  readonly at: string;
  /** Of the rules' texts: counters of another revision do not belong to them. */
  readonly revision: string;
  readonly rules: readonly KernelRules[];
  /** As `ipset save` prints them, and a host file; empty where they cannot be had. */
  readonly sets: string;
  readonly host: string;
  readonly notes: readonly string[];
}

/** The event `counts`. */
export interface KernelCounts {
  readonly at: string;
  readonly revision: string;
  /** One for each of `rules`, in the same order. */
  readonly counts: readonly (readonly LineCount[])[];
}

/** The body of `POST /api/script`. */
export interface ScriptQuestion {
  readonly name: string;
  readonly text: string;
  readonly args?: readonly string[];
}

/** What a script did in its sandbox. */
export interface ScriptResult {
  /** The rules that it made; `host` is empty. */
  readonly texts: PageTexts;
  /** What it and its tools said. */
  readonly transcript: readonly string[];
  readonly status: number;
  /** How often it called a tool. */
  readonly calls: number;
}

/** What `GET /api/events` brings. */
export type ServedEvent =
  /** All is told from here on. What happened before was not: anything may have changed. */
  | { readonly event: "ready" }
  /** A file under the root changed; its hash, or null when it is gone or cannot be read. */
  | { readonly event: "file"; readonly path: string; readonly hash: string | null }
  /** Files came or went. */
  | { readonly event: "files" }
  /** A firewall of the command line changed. */
  | { readonly event: "document"; readonly id: string }
  | { readonly event: "kernel"; readonly kernel: KernelReading }
  | { readonly event: "counts"; readonly counts: KernelCounts }
  /** Something can no longer be watched. */
  | { readonly event: "fault"; readonly message: string };
