import { readFileSync } from "node:fs";
import fc from "fast-check";
import { readRules, splitFamilies } from "/work/main/src/syntax/index.ts";
import { ask, readQuestion } from "/work/main/src/analysis/query/index.ts";
import { hostFromFlags } from "/work/main/src/host/index.ts";
const files = ["examples/nat-gateway.rules","examples/web-stateful.rules","examples/web-stateless.rules","examples/leaf-node.rules","/tmp/qt/mac.rules", ...["memphis","medium-company","docker-topos","synology","veroneau"].map(n=>`../shared/corpus/fffuu/${n}.rules`)];
const host = hostFromFlags({interfaces:["wan0=198.51.100.2/24","lan0=192.168.1.1/24","eth0=10.0.0.1/8"],routes:["default via 198.51.100.1 dev wan0"],sysctls:["net.ipv4.ip_forward=1"]}).value!;
const rules = files.map(f=>[f, readRules(readFileSync(f,"utf8"), f, {lenient:true,keepNames:true} as never).ruleset!] as const).filter(([,r])=>r);
const set = fc.constantFrom("any","self","10.0.0.0/8","! 10.0.0.0/8","192.168.1.80","203.0.113.9,198.51.100.2","10.0.0.1-10.0.0.77","127.0.0.1","0.0.0.0/0","2001:db8::/32","net(lan0)", "::/0");
const proto = fc.constantFrom("","any","tcp","udp","tcp,udp 53","tcp 22","tcp ! 22,80","sctp 5060","gre","icmp","icmp 8","icmp 3/4","icmpv6 135","ping","41","253","tcp 0","udp 65535","dccp","udplite 1-9", "tcp syn", "tcp none", "tcp syn/syn+rst");
const tail = fc.constantFrom("","in lan0","out wan0","in eth+","in ! lan0","in lo","state NEW","state ESTABLISHED,INVALID","after nat","before nat","in lan0 out wan0","state UNTRACKED");
const q = fc.tuple(fc.constantFrom("","packets ","ipv4 ","ipv6 "), set, fc.constantFrom(""," port 53"," port 1024-65535"," port ! 80"), set, proto, tail).map(([a,f,p,t,s,x])=>`${a}from ${f}${p} to ${t} ${s} ${x}`);
let n=0, faults=0, parts=0, bad=0; const t0=Date.now(); const reasons=new Map<string,number>();
fc.assert(fc.property(fc.constantFrom(...rules), q, fc.boolean(), ([f, r], text, h) => {
  if (Date.now()-t0 > Number(process.argv[2] ?? 200)*1000) return;
  const question = readQuestion(text) as any; if ("message" in question) { faults++; return; }
  const a = ask(question, { v4: r.family===4?r:undefined, v6: r.family===6?r:undefined, host: h?host:undefined }) as any;
  if ("message" in a) { faults++; return; }
  n++;
  for (const p of a.parts) { parts++; if (p.confirmation?.confirmed !== true) { bad++; const k=`${p.certainty.sure?"sure":"open"} ${p.path} ${p.fate}: ${p.confirmation?.reason ?? "no witness"}`; if (!reasons.has(k)) console.log(k, "|", f, h, text, "|", p.witness?.packet, p.certainty.sure?"":p.certainty.depends.join(";").slice(0,100)); reasons.set(k,(reasons.get(k)??0)+1); } }
}), { numRuns: 3000, seed: Number(process.argv[3] ?? 8) });
console.log({ n, faults, parts, bad }); console.log([...reasons].sort((a,b)=>b[1]-a[1]).slice(0,30));
