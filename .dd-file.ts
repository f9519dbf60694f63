import { readFileSync } from "node:fs";
import { readRules } from "./src/syntax/index.ts";
import { compareFirewalls } from "./src/analysis/diff/index.ts";
import { confirm } from "./src/analysis/confirm/index.ts";
const f=process.argv[2]!; const text=readFileSync(f,"utf8"); const lines=text.split("\n"); const idx=lines.map((l,i)=>l.startsWith("-A")&&/-j (ACCEPT|DROP|REJECT)/.test(l)?i:-1).filter(i=>i>=0);
const at=idx[(f.length*7)%idx.length]!; const changed=lines.filter((_,i)=>i!==at).join("\n"); console.log("removed",lines[at]);
const read=(t:string)=>readRules(t,f.split("/").at(-1)!,{lenient:true}).ruleset!;
const r=compareFirewalls({v4:read(text)},{v4:read(changed)},{names:["a","b"],limit:40});
for(const row of r.rows) for(const s of [row.before,row.after]) if(s.confirmation&&!s.confirmation.confirmed) console.log(row.change,row.path,row.services.map(x=>x.name).join(),"from",row.from,"to",row.to,"in",row.in,"out",row.out,"|",row.before.text,"=>",row.after.text,row.certainty,"\n  ",JSON.stringify(s.witness),JSON.stringify(s.confirmation));
