/** Started inside a network namespace of its own, with the built page's folder: the running rules in a browser, while they change. Prints JSON. */
import { execFileSync } from "node:child_process";
import { chromium } from "playwright-core";
import { bench } from "./serve-client.ts";
import { datagrams } from "./serve-traffic.ts";

const [folder = "", browserPath = ""] = process.argv.slice(2);
const run = (command: string): string => execFileSync("sh", ["-c", command], { encoding: "utf8" });

run("ip link set lo up && ip addr add 192.0.2.1/32 dev lo");
run("iptables-nft -A INPUT -p udp --dport 9 -j ACCEPT");
const served = await bench({ rules: ["kernel:"], page: folder });
const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
try {
  const page = await browser.newPage();
  const faults: string[] = [];
  page.on("pageerror", fault => faults.push(fault.message));
  page.on("console", said => {
    if (said.type() === "error") faults.push(said.text());
  });
  await page.goto(served.address);
  const hits = page.locator(".cm-hits .cm-gutterElement");
  await page.getByText("(read-only)").waitFor();
  await hits.getByText("0", { exact: true }).first().waitFor();
  await datagrams(7, 56);
  await hits.getByText("7", { exact: true }).first().waitFor();
  await datagrams(5, 56);
  await hits.getByText("12", { exact: true }).first().waitFor();
  run("iptables-nft -A FORWARD -p icmp -j DROP");
  await page.locator(".cm-content").first().getByText("FORWARD").nth(1).waitFor();
  const said = await page.getByText("hits of the kernel at").first().textContent();
  console.log(JSON.stringify({ said, faults }));
} finally {
  await browser.close();
  await served.close();
}
