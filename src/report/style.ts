/** The style sheet of reports: light and dark as the reader prefers, narrow and wide, and light on paper. */
import { CHART_STYLE, DARK_TONES, FONT, LIGHT_TONES } from "../charts/theme.ts";

function tones({ paper, text, muted, grid }: typeof LIGHT_TONES): string {
  return `:root{--paper:${paper};--text:${text};--muted:${muted};--grid:${grid}}.track{fill:${grid}}`;
}

/** The style sheet of a page with pictures. */
export const PAGE_STYLE = [
  tones(LIGHT_TONES),
  `@media screen and (prefers-color-scheme:dark){${tones(DARK_TONES)}}`,
  `:root{color-scheme:light dark}
*{box-sizing:border-box}
body{margin:0;overflow-wrap:anywhere;background:var(--paper);color:var(--text);font:16px/1.5 ${FONT}}
header,main,footer{max-width:1040px;margin:0 auto;padding:0 16px}
header{padding-top:28px}
h1{margin:0;font-size:28px;line-height:1.2;font-weight:650}
h2{margin:0 0 12px;font-size:20px;line-height:1.3;font-weight:650}
p{margin:0 0 16px;max-width:72ch}
.under{margin:6px 0 18px;color:var(--muted)}
nav ul{display:flex;flex-wrap:wrap;gap:4px 18px;margin:0;padding:0 0 18px;list-style:none;font-size:14px}
a{color:inherit;text-underline-offset:3px;text-decoration-color:var(--muted)}
section{padding:26px 0 22px;border-top:1px solid var(--grid)}
dl{margin:0}dd{margin:0}
.scores{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:18px;margin-bottom:18px}
.scores dt{color:var(--muted);font-size:14px}
.scores strong{display:block;font-size:26px;line-height:1.25;font-weight:600;font-variant-numeric:tabular-nums}
small{display:block;color:var(--muted);font-size:13px;line-height:1.45}
.notes{margin:0;padding:10px 14px 10px 30px;border:1px solid var(--grid);border-left-width:4px}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));gap:24px 40px}
.chart{display:block;width:100%;height:auto;max-width:560px}
figure{margin:0;min-width:0}.wide{margin-bottom:4px}
.wide .chart{width:auto;max-width:none}
figcaption,caption{color:var(--muted);font-size:14px;text-align:left;padding:4px 0 6px}
figcaption{padding:8px 0 14px;max-width:72ch}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:14px;font-variant-numeric:tabular-nums}
th,td{padding:5px 14px 5px 0;text-align:left;vertical-align:top;white-space:nowrap;border-bottom:1px solid var(--grid)}
th{font-weight:600}thead th{color:var(--muted);font-weight:500}
tbody th{max-width:260px;overflow:hidden;text-overflow:ellipsis}
.bar{display:block;min-width:84px}
.bar .chart{height:6px;width:100%;margin:1px 0 3px}
.images{display:grid;grid-template-columns:repeat(auto-fill,minmax(132px,1fr));gap:16px;margin:0;padding:0;list-style:none;font-size:14px;line-height:1.35}
.images img{display:block;image-rendering:pixelated;background:#000;margin-bottom:5px}
.facts{font-size:14px}
.facts div{display:grid;grid-template-columns:180px minmax(0,1fr);gap:2px 16px;padding:6px 0;border-bottom:1px solid var(--grid)}
.facts dt{color:var(--muted)}
.facts dd{overflow-wrap:anywhere}
code{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;white-space:pre-wrap}
footer{padding-bottom:32px;color:var(--muted);font-size:13px}
@media (max-width:560px){.facts div{grid-template-columns:minmax(0,1fr)}h1{font-size:24px}}
@media print{@page{margin:14mm}body{font-size:11pt}header,main,footer{max-width:none;padding:0}nav{display:none}
.scroll{overflow:visible}th,td{white-space:normal}thead th{overflow-wrap:break-word}.charts{grid-template-columns:1fr 1fr;gap:16px}figure,.charts>svg,.images li,tr,.scores{break-inside:avoid}h2{break-after:avoid}
*{print-color-adjust:exact}.wide .chart{max-width:100%}}`,
  CHART_STYLE,
].join("\n");
