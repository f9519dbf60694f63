/** Started inside a network namespace of its own: the running rules as the page is given them, while they change. Prints JSON. */
import { execFileSync } from "node:child_process";
import type { KernelReading, Workspace } from "../../src/report/serve/index.ts";
import { bench } from "./serve-client.ts";
import { datagrams } from "./serve-traffic.ts";

const run = (command: string): string => execFileSync("sh", ["-c", command], { encoding: "utf8" });

run("ip link set lo up && ip addr add 192.0.2.1/32 dev lo");
run("iptables-nft -A INPUT -p udp --dport 9 -m comment --comment '<script>alert(1)</script> $(id)' -j ACCEPT");
run("ip6tables-nft -P FORWARD DROP");
run("ipset create bad hash:ip && ipset add bad 198.51.100.7");
const legacy = process.argv.includes("legacy");
if (process.argv.includes("native"))
  run("nft add table inet firewalld && nft add chain ip filter weird '{ type filter hook input priority -5; }'");
if (legacy) run("iptables-legacy -A OUTPUT -p udp -j ACCEPT");
const served = await bench({ rules: ["kernel:", ...(legacy ? ["kernel:legacy"] : [])] });
try {
  const { documents, kernel: capability } = (await served.ask("/api/workspace")).json as Workspace;
  const reading = (await served.ask("/api/kernel")).json as KernelReading;
  const hearing = await served.hear("/api/events?kernel=1");
  const first = await hearing.next("kernel");
  await datagrams(3, 56);
  let { counts } = await hearing.next("counts");
  // The page's own packets are counted by policies; the rule's line is the fifth.
  for (let tries = 0; tries < 20 && counts.counts[0]?.every(([line, packets]) => line !== 5 || packets !== "3"); tries++)
    ({ counts } = await hearing.next("counts"));
  run("iptables-nft -A FORWARD -j DROP");
  const second = await hearing.next("kernel");
  await hearing.end();
  // Without --kernel nothing of it is told.
  const quiet = await served.hear();
  await quiet.next("ready");
  run("iptables-nft -A OUTPUT -j ACCEPT");
  await new Promise(resolve => setTimeout(resolve, 600));
  served.put("new.rules", "*filter\nCOMMIT\n");
  await quiet.next("files");
  const heard = quiet.heard.map(({ event }) => event);
  await quiet.end();
  console.log(
    JSON.stringify({ documents, capability, reading, first, counts, second, heard, after: run("iptables-nft-save; ip6tables-nft-save") }),
  );
} finally {
  await served.close();
}
