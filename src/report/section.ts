/** Parts of a report, and what several of them are made of. */
import { shortNumber } from "../charts/axis.ts";
import { type Chart, inlineSvg } from "../charts/chart.ts";
import { type Markup, markup, type Part } from "../charts/markup.ts";
import type { Mlp } from "../mlp/mlp.ts";
import type { Samples, SparseSamples } from "../data/dataset.ts";
import type { SampleReport } from "./sample_report.ts";

/** A part of a page with a title of its own; its name is where links lead. */
export interface Section {
  readonly name: string;
  readonly title: string;
  readonly content: Part;
}

/** Cells of a table, by which samples are shown. */
export interface Rows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** The line of the file on which each begins, if there is one. */
  readonly lines?: readonly number[];
}

/** What is known of the samples to test with. */
export interface Tested {
  readonly mlp: Mlp;
  readonly samples: Samples | SparseSamples;
  /** The predictions of the network for them. */
  readonly found: Float32Array;
  readonly scores: SampleReport;
  /** Of a table: as many rows as there are samples. */
  readonly rows?: Rows;
  /** Of images. */
  readonly size?: { readonly width: number; readonly height: number };
}

/** A score as the command line shows it. */
export function score(value: number): string {
  return Math.abs(value) < 1000 ? value.toFixed(4) : shortNumber(value, 6);
}

/** A table that is moved sideways if it is wider than the page. */
export function table(
  caption: string,
  head: readonly Part[],
  rows: readonly (readonly Part[])[],
): Markup {
  return markup`<div class="scroll" tabindex="0" role="group" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${
    head.map((cell) => markup`<th scope="col">${cell}</th>`)
  }</tr></thead>
<tbody>${
    rows.map(([first, ...cells]) =>
      markup`<tr><th scope="row">${first}</th>${
        cells.map((cell) => markup`<td>${cell}</td>`)
      }</tr>\n`
    )
  }</tbody></table></div>`;
}

/** A number with a bar behind it, from 0 to 1. */
export function bar(value: number, text: string, color = 0): Markup {
  const width = Math.round(1000 * Math.min(1, Math.max(0, value))) / 10;
  return markup`<span class="bar">${text}<svg class="chart" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="6"/><rect class="f${color}" width="${width}" height="6"/></svg></span>`;
}

/** Pictures beside each other where there is room, each with what it shows. */
export function figures(
  charts: readonly (readonly [chart: Chart, caption?: string])[],
): Markup {
  return markup`<div class="charts">${
    charts.map(([chart, caption]) =>
      markup`<figure>${inlineSvg(chart)}${
        caption && markup`<figcaption>${caption}</figcaption>`
      }</figure>`
    )
  }</div>`;
}

/** A picture in its own size, which is moved sideways if it is wider than the page. */
export function wideFigure(chart: Chart, caption: string): Markup {
  return markup`<figure><div class="scroll wide" tabindex="0" role="group" aria-label="${chart.title}">${
    inlineSvg(chart)
  }</div><figcaption>${caption}</figcaption></figure>`;
}
