/** A ruleset of `count` rules in the filter table as `iptables-save` text: 5-tuple rules, a tenth of them with multiport, conntrack or a comment, in chains of 100. */
export function manyRules(count: number): string {
  const chains = Math.ceil(count / 100);
  const lines = ["*filter", ":INPUT DROP [0:0]", ":FORWARD DROP [0:0]", ":OUTPUT ACCEPT [0:0]"];
  for (let chain = 0; chain < chains; chain++) lines.push(`:c${String(chain).padStart(5, "0")} - [0:0]`);
  for (let chain = 0; chain < chains; chain++)
    lines.push(`-A FORWARD -d 10.${chain >> 8}.${chain & 255}.0/24 -j c${String(chain).padStart(5, "0")}`);
  for (let rule = 0; rule < count - chains; rule++) {
    const chain = Math.floor(rule / 100);
    const name = `c${String(chain).padStart(5, "0")}`;
    const source = `-s 172.${16 + (rule & 15)}.${(rule >> 4) & 255}.${(rule >> 12) & 255}/32 -d 10.${chain >> 8}.${chain & 255}.${rule & 255}/32`;
    const port = 1 + (rule % 65000);
    if (rule % 10 === 3) lines.push(`-A ${name} ${source} -p tcp -m multiport --dports ${port},443,8000:8080 -j ACCEPT`);
    else if (rule % 10 === 6) lines.push(`-A ${name} ${source} -p udp -m udp --dport ${port} -m conntrack --ctstate NEW -j ACCEPT`);
    else if (rule % 10 === 9)
      lines.push(`-A ${name} ${source} -p tcp -m tcp --dport ${port} -m comment --comment "rule ${rule}" -j ACCEPT`);
    else lines.push(`-A ${name} ${source} -p tcp -m tcp --dport ${port} -j ACCEPT`);
  }
  lines.push("COMMIT", "");
  return lines.join("\n");
}
