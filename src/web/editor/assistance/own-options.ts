/** One of the options that belong to iptables itself and not to an extension. */
export interface OwnOption {
  readonly names: readonly string[];
  readonly usage: string;
  readonly help: string;
}

/** The options of iptables itself that rules are made of. iptables(8), PARAMETERS. */
export const OWN_OPTIONS: readonly OwnOption[] = [
  { names: ["-p", "--protocol"], usage: "[!] -p protocol", help: "Protocol of the packet: tcp, udp, icmp, a number, or all." },
  {
    names: ["-s", "--source", "--src"],
    usage: "[!] -s address[/mask][,…]",
    help: "Where the packet comes from: an address or a network. Several make a rule for each.",
  },
  {
    names: ["-d", "--destination", "--dst"],
    usage: "[!] -d address[/mask][,…]",
    help: "Where the packet goes: an address or a network. Several make a rule for each.",
  },
  {
    names: ["-i", "--in-interface"],
    usage: "[!] -i interface",
    help: "The interface that the packet came in on; eth+ stands for all whose name begins with eth. Not in OUTPUT and POSTROUTING.",
  },
  {
    names: ["-o", "--out-interface"],
    usage: "[!] -o interface",
    help: "The interface that the packet goes out on. Not in INPUT and PREROUTING.",
  },
  {
    names: ["-f", "--fragment"],
    usage: "[!] -f",
    help: "Fragments but the first. Where connections are tracked, packets are put together before, and this never matches. IPv4 alone.",
  },
  { names: ["-m", "--match"], usage: "-m match", help: "Loads a match, whose options follow." },
  {
    names: ["-j", "--jump"],
    usage: "-j target",
    help: "What to do with a packet that matches: a verdict, another target, or a chain to walk and come back from.",
  },
  { names: ["-g", "--goto"], usage: "-g chain", help: "Go on in another chain, and return from there to where this chain was called." },
  { names: ["-c", "--set-counters"], usage: "-c packets bytes", help: "The counters that the rule starts with." },
];

/** What begins a line of rules. */
export const LINE_STARTS: readonly OwnOption[] = [
  { names: ["-A", "--append"], usage: "-A chain rule", help: "A rule at the end of a chain." },
  { names: ["-I", "--insert"], usage: "-I chain [number] rule", help: "A rule at the start of a chain, or before the one of that number." },
  {
    names: ["-P", "--policy"],
    usage: "-P chain ACCEPT|DROP",
    help: "What becomes of packets that no rule of a built-in chain decides on.",
  },
  { names: ["-N", "--new-chain"], usage: "-N chain", help: "A new chain." },
  { names: ["COMMIT"], usage: "COMMIT", help: "The end of a table: only now iptables-restore loads it, all at once." },
];

/** The tables. */
export const TABLE_HELP: ReadonlyMap<string, string> = new Map([
  ["raw", "Before connections are tracked: which packets are not to be, and which helper a connection gets."],
  ["mangle", "Changes to packets: marks, TTL, TOS, MSS."],
  ["nat", "Translation of addresses. Only the first packet of a connection comes here."],
  ["filter", "Which packets may pass."],
  ["security", "Labels of SELinux."],
]);

/** What the built-in chains see. */
export const HOOK_HELP: ReadonlyMap<string, string> = new Map([
  ["PREROUTING", "Packets that came in, before it is known where they go."],
  ["INPUT", "Packets for this machine."],
  ["FORWARD", "Packets that this machine passes on."],
  ["OUTPUT", "Packets that this machine sends."],
  ["POSTROUTING", "Packets that are about to go out."],
]);

/** The policies of built-in chains. */
export const POLICIES: readonly string[] = ["ACCEPT", "DROP"];
