import { quoteArgument } from "./numbers.ts";

/** Text as the extensions save it that quote nothing. Such as could not be read again is quoted here. */
export function bareText(text: string): string {
  return /^[^\s"'\\]+$/.test(text) ? text : quoteArgument(text);
}
