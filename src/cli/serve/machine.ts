import { CAPTURE_COMMANDS, hostFromCapture, printHost, type Capture } from "../../host/index.ts";
import { say } from "./outside-program.ts";

/** This machine as a host file, empty where it cannot be told, and what is missing of it in a sentence each. */
export interface Machine {
  readonly host: string;
  readonly notes: readonly string[];
}

/** Asks `ip -j` and sysctl. */
export async function readMachine(): Promise<Machine> {
  const capture: { -readonly [Part in keyof Capture]: Capture[Part] } = {};
  const notes: string[] = [];
  const ask = async (part: keyof Capture): Promise<void> => {
    const [program, ...words] = CAPTURE_COMMANDS[part];
    const said = await say(program, words);
    if ("stdout" in said) capture[part] = said.stdout;
    else notes.push(`the machine is told without \`${CAPTURE_COMMANDS[part].join(" ")}': ${said.reason}`);
  };
  await Promise.all((Object.keys(CAPTURE_COMMANDS) as (keyof Capture)[]).map(ask));
  if (capture.addresses === undefined) return { host: "", notes };
  const { value, faults } = hostFromCapture(capture);
  return {
    host: value ? printHost(value) : "",
    notes: [...notes, ...faults.map(({ message }) => `the machine cannot be told: ${message}`)],
  };
}
