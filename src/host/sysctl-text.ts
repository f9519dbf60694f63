import { faultAt, type HostFault, type NamedText } from "./fault.ts";

/** A setting as it is kept: dots between all parts, also where an interface's own dot was written as a slash. */
export function sysctlName(name: string): string {
  return name.trim().replaceAll("/", ".");
}

/** Is it one of the settings that bear on what happens to packets? */
export function matters(name: string): boolean {
  return /^net\.(ipv4\.(ip_|icmp_|fwmark_|conf\.)|ipv6\.(fwmark_|icmp\.|conf\.)|netfilter\.nf_conntrack_|bridge\.bridge-nf-)/.test(name);
}

/** `name = value` lines as `sysctl -a` prints them; settings that do not matter here, and those that are no number, are passed over. */
export function readSysctls(source: NamedText): { readonly value: ReadonlyMap<string, number>; readonly faults: readonly HostFault[] } {
  const found = new Map<string, number>();
  const faults: HostFault[] = [];
  let start = 0;
  for (const line of source.text.split("\n")) {
    const [name, value] = split(line);
    if (value === undefined) {
      if (line.trim() !== "" && !/^\s*[#;]/.test(line) && faults.length === 0)
        faults.push(faultAt(source, start, start + line.length, "expected NAME = VALUE"));
    } else if (matters(name) && /^-?\d{1,15}$/.test(value)) found.set(name, Number(value));
    start += line.length + 1;
  }
  return { value: found, faults };
}

function split(line: string): readonly [name: string, value: string | undefined] {
  const equals = line.indexOf("=");
  return equals < 0 ? [line, undefined] : [sysctlName(line.slice(0, equals)), line.slice(equals + 1).trim()];
}
