import { readFileSync } from "node:fs";
import { readRules } from "./src/syntax/index.ts";
import { compareFirewalls } from "./src/analysis/diff/index.ts";
import { doubts } from "./test/diff/planted.ts";
import { diffLines, lineText } from "./src/report/index.ts";
const files=process.argv.slice(3); const show=process.argv[2]==="show";
let tot=0,dt=0,rows=0;
for(const f of files){ const text=readFileSync(f,"utf8"); const lines=text.split("\n"); const idx=lines.map((l,i)=>l.startsWith("-A")&&/-j (ACCEPT|DROP|REJECT)/.test(l)?i:-1).filter(i=>i>=0); if(idx.length===0) continue;
 const at=idx[(f.length*7)%idx.length]!; const changed=lines.filter((_,i)=>i!==at).join("\n");
 const read=(t:string)=>readRules(t,f.split("/").at(-1)!,{lenient:true});
 const a=read(text),b=read(changed); if(!a.ruleset||!b.ruleset) continue; 
 const t=performance.now(); try{ const k=a.ruleset.family===4?"v4":"v6"; const r=compareFirewalls({[k]:a.ruleset} as any,{[k]:b.ruleset} as any,{names:["before","after"],limit:40}); const d=doubts(r); tot++; rows+=r.rows.length; dt+=d.length;
 console.log(`${f.split("/").slice(-2).join("/")} rules ${idx.length} rows ${r.rows.length} left ${r.left} undone ${r.undone.length} doubts ${d.length} ${(performance.now()-t).toFixed(0)}ms`); for(const x of d.slice(0,3)) console.log("   ?",x);
 if(show){console.log("removed:",lines[at]); console.log(diffLines(r,{all:false}).map(lineText).slice(0,40).join("\n"));}
 }catch(e:any){console.log("CRASH",f,e.stack?.split("\n").slice(0,4).join(" | "));}
}
console.log({tot,rows,dt});
