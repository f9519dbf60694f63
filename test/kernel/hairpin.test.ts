import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { createFirewall, ordinaryOpener, runSession } from "../../src/engine/index.ts";
import { hostFromFlags } from "../../src/host/index.ts";
import { isNotationFault, parseNotation } from "../../src/packet/index.ts";
import { readSave } from "../../src/syntax/index.ts";
import { whyNot } from "./namespace.ts";

const reason = whyNot() ?? (spawnSync("sh", ["-c", "command -v nsenter"]).status === 0 ? undefined : "no nsenter");
if (reason !== undefined) console.log(`hairpins on a real wire skipped: ${reason}`);

const FORWARD = "-A PREROUTING -d 203.0.113.2 -p tcp --dport 80 -j DNAT --to-destination 192.168.1.80\n";
const MASQUERADE = "-A POSTROUTING -o lan0 -j MASQUERADE\n";

/** A router, a client and a server on one switch, each in a namespace of its own; the client asks the router's outer address. */
const LAB = `
set -e
trap 'kill $serving $switch $client $server 2>/dev/null' EXIT
ip link set lo up
unshare -n sleep 30 & switch=$!
unshare -n sleep 30 & client=$!
unshare -n sleep 30 & server=$!
for each in $switch $client $server; do
  for turn in 1 2 3 4 5 6 7 8 9 10; do
    [ "$(readlink /proc/$each/ns/net)" != "$(readlink /proc/$$/ns/net)" ] && break
    sleep 0.1
  done
done
on() { where=$1; shift; nsenter -t $where -n "$@"; }
plug() { ip link add $2 type veth peer name $3 netns $switch; [ $1 = here ] || ip link set $2 netns $1; on $switch ip link set $3 master lan up; }
on $switch ip link add lan type bridge
on $switch ip link set lan up
plug here lan0 port0
plug $client eth0 port1
plug $server eth1 port2
on $client ip link set eth0 up
on $server ip link set eth1 up
on $client ip addr add 192.168.1.5/24 dev eth0
on $server ip addr add 192.168.1.80/24 dev eth1
ip link set lan0 up
ip addr add 192.168.1.1/24 dev lan0
ip addr add 203.0.113.2/32 dev lo
on $client ip route add default via 192.168.1.1
on $server ip route add default via 192.168.1.1
echo 1 > /proc/sys/net/ipv4/ip_forward
printf '*nat\n%sCOMMIT\n' "$RULES" | iptables-legacy-restore
nsenter -t $server -n "$NODE" -e "$SERVE" >&2 & serving=$!
on $client "$NODE" -e "$ASK"
`;

const SERVE = `
require("net").createServer(socket => socket.on("error", () => {}).end("hello")).listen(80, "192.168.1.80");
setTimeout(() => process.exit(), 25000);
`;

/** The server itself must answer first; then its outer address is asked, for three seconds. */
const ASK = `
const { connect } = require("net");
const ask = (address, said) => connect(80, address).on("connect", () => said("connected")).on("error", ({ code }) => said(code));
const end = said => { console.log(said); process.exit(); };
const reach = left =>
  ask("192.168.1.80", said => {
    if (said === "connected") { ask("203.0.113.2", end); setTimeout(end, 3000, "ETIMEDOUT"); }
    else if (left === 0) end("the server is not there: " + said);
    else setTimeout(reach, 100, left - 1);
  });
reach(100);
`;

function kernel(rules: string): string {
  const { stdout, stderr } = spawnSync("unshare", ["-n", "sh", "-c", LAB], {
    encoding: "utf8",
    timeout: 40_000,
    env: { ...process.env, RULES: rules, NODE: process.execPath, SERVE, ASK },
  });
  return stdout.trim() || stderr;
}

function engine(rules: string): string {
  const { ruleset } = readSave(`*nat\n${rules}COMMIT\n`, "rules", { family: 4 });
  const { value: host } = hostFromFlags({
    interfaces: ["wan0=203.0.113.2/24", "lan0=192.168.1.1/24"],
    routes: [],
    sysctls: ["net.ipv4.ip_forward=1"],
  });
  const opener = parseNotation("session tcp 192.168.1.5:40000 > 203.0.113.2:80 syn in lan0");
  if (ruleset === undefined || host === undefined || isNotationFault(opener)) throw new Error("the test's own rules");
  const { complete, clientSees } = runSession(createFirewall({ v4: ruleset, host, random: () => 7, start: 0 }), ordinaryOpener(opener), 0);
  return complete ? "connected" : (clientSees ?? "nothing");
}

test.skipIf(reason !== undefined)("a port forward asked from the server's own network, as on a real wire", () => {
  for (const [rules, said] of [
    [FORWARD, "ETIMEDOUT"],
    [FORWARD + MASQUERADE, "connected"],
  ] as const)
    expect([kernel(rules), engine(rules)], rules).toEqual([said, said]);
});
