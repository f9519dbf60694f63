/** The style of the policy's page: readable on a telephone and on paper, light and dark as the reader's system is. */
export const PAGE_STYLE: string = `
:root{color-scheme:light dark;--ink:#1d2733;--dim:#5b6775;--back:#fff;--line:#d9dee3;--good:#1a7f4b;--bad:#b42318;--panel:#f6f7f9}
@media (prefers-color-scheme:dark){:root{--ink:#e6e9ed;--dim:#9aa6b2;--back:#14181d;--line:#333c46;--good:#3fb27f;--bad:#f08a80;--panel:#1c2229}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1.5rem 1rem 4rem;max-width:75rem;background:var(--back);color:var(--ink);font:16px/1.5 ui-sans-serif,system-ui,"DejaVu Sans",sans-serif}
h1{font-size:1.6rem;line-height:1.2;margin:.2em 0 .6em}
h2{font-size:1.25rem;margin:2.2em 0 .4em;border-bottom:1px solid var(--line);padding-bottom:.2em}
h3{font-size:1rem;margin:1.4em 0 .4em}
p{margin:.4em 0;max-width:46rem}
.dim{color:var(--dim)}.good{color:var(--good)}.bad{color:var(--bad)}
nav a{display:inline-block;margin:0 1em .3em 0;padding:.3em 0;color:inherit}
.wide{overflow-x:auto;max-width:100%}
.wide svg{display:block;max-width:none}
table{border-collapse:collapse;width:100%;font-size:.9rem}
caption{text-align:left;color:var(--dim);padding:.2em 0}
th,td{text-align:left;vertical-align:top;padding:.35em .9em .35em 0;border-bottom:1px solid var(--line);overflow-wrap:break-word}
th{font-weight:600;white-space:nowrap}
code{font:.85em ui-monospace,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
details{margin:.6em 0}summary{cursor:pointer;padding:.3em 0}
td details,td p{margin:0}td summary{padding:0;white-space:nowrap}
@media (max-width:40rem){
thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
tr{display:block;padding:.5em .7em;margin:.5em 0;background:var(--panel);border-radius:6px}
td{display:block;border:0;padding:.1em 0}
td[data-name]::before{content:attr(data-name) " ";color:var(--dim);font-size:.8em}
td:empty{display:none}
}
@media print{details{display:block}}
`.trim();
