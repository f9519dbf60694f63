/** Shell text as it stands; what TypeScript would take for its own is written with a backslash before it: `\${name}`. */
export function shell(text: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return String.raw({ raw: text.raw.map(part => part.replaceAll("\\$", "$")) }, ...values);
}
