/** What the page and the server of `ferrule serve` say to each other. */
export {
  PAGE_TEXTS,
  SERVE_API_VERSION,
  TOKEN_HEADER,
  type ApiFault,
  type Capability,
  type FileEntry,
  type FileKind,
  type FileList,
  type FileText,
  type KernelBackend,
  type KernelChoice,
  type KernelCounts,
  type KernelReading,
  type KernelRules,
  type LineCount,
  type PageText,
  type PageTexts,
  type RefusalCode,
  type Saved,
  type ScriptQuestion,
  type ScriptResult,
  type ServedDocument,
  type ServedEvent,
  type Workspace,
} from "./api.ts";
export { contentSecurityPolicy } from "./content-security.ts";
export { chosenRules } from "./chosen-rules.ts";
