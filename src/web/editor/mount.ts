import type { Extension } from "@codemirror/state";
import { EditorView, type EditorViewConfig } from "@codemirror/view";
import { pageTheme } from "./theme.ts";

/** What every editor's state begins with: the page's look. */
export const pageLook: Extension = pageTheme;

/**
 * The shadow root that an editor is to stand in. CodeMirror writes its rules into a `<style>` element, which the page's content security policy
 * blocks; in a shadow root it adopts a constructed style sheet, which is allowed.
 */
export function editorRoot(host: HTMLElement): ShadowRoot {
  return host.shadowRoot ?? host.attachShadow({ mode: "open" });
}

/** Puts an editor into an element that holds nothing else. The state should begin with `pageLook`; a page's style sheets do not reach inside. */
export function mountEditor(host: HTMLElement, config: Omit<EditorViewConfig, "parent" | "root">): EditorView {
  const root = editorRoot(host);
  return new EditorView({ ...config, parent: root, root });
}
