/**
 * What the page may load: its own files, and nothing inline or evaluated. `embedded` is the policy of a `meta` element, where browsers
 * ignore who may frame the page.
 */
export function contentSecurityPolicy({ embedded }: { readonly embedded: boolean }): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    ...(embedded ? [] : ["frame-ancestors 'none'"]),
  ].join("; ");
}
