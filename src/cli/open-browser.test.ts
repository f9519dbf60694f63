import { afterEach, expect, test, vi } from "vitest";
import { openBrowser } from "./open-browser.ts";

/** What goes well is tested with the command that opens the page. */

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test("where no file can be made, that is said, and nothing is opened", async () => {
  vi.stubEnv("TMPDIR", "/dev/null");
  const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
  await openBrowser("http://127.0.0.1:1/#token=secret");
  expect(said.mock.calls).toEqual([["serve: no file can be made in /dev/null: no such folder; open the address by hand"]]);
});
