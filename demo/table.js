// @ts-check
/// <reference lib="dom" />
/** Learns a table that a person chose, or the one that comes with the page, and asks for a row to predict. */
import { Mlp, readTable, TableEncoder } from "@lockstep/lockstep";
import { Chart } from "../src/web/page/charts.js";
import { byId, element } from "../src/web/page/paint.js";
import { TryIt } from "../src/web/page/try_it.js";
import { formOf } from "../src/web/form.ts";

const EPOCHS = 60;

/** The table that comes with the page. */
const EXAMPLE = { file: "penguins.csv", target: "Species" };

/**
 * How well a network does on rows that it hasn't learned.
 * @param {{ accuracy?: number, r2?: number } | undefined} validation
 */
function scoreOf({ accuracy, r2 = NaN } = {}) {
  return accuracy === undefined
    ? `R² ${r2.toFixed(3)} on rows held back`
    : `${(100 * accuracy).toFixed(1)} % of rows held back are right`;
}

/** The part of the page with the table. */
export class TableDemo {
  constructor() {
    /** @type {Awaited<ReturnType<typeof readTable>> | undefined} */
    this.table = undefined;
    /** @type {Mlp | undefined} */
    this.mlp = undefined;
    this.chart = new Chart(byId("table-loss"), {
      x: "epoch",
      what:
        "Loss of the rows that are learned, and of those that are held back",
      curves: [
        { label: "learned", color: "first" },
        { label: "held back", color: "second" },
      ],
    });
    byId("table-file").onchange = () => {
      const [file] = byId("table-file").files;
      if (file) this.attempt(() => this.read(file.name, file));
    };
    byId("table-example").onclick = () =>
      this.attempt(async () => {
        await this.read(EXAMPLE.file, await fetch(EXAMPLE.file));
        byId("table-target").value = EXAMPLE.target;
      });
    byId("table-learn").onclick = () => this.attempt(() => this.learn());
  }

  /**
   * Does one thing at a time, and tells if it fails.
   * @param {() => Promise<void>} act
   */
  async attempt(act) {
    const controls = byId("table-controls");
    controls.disabled = true;
    try {
      await act();
    } catch (error) {
      byId("table-state").textContent = /** @type {Error} */ (error).message;
    } finally {
      controls.disabled = false;
    }
  }

  /**
   * @param {string} name
   * @param {File | Response} source
   */
  async read(name, source) {
    const { columns, rows } = this.table = await readTable(source);
    byId("table-target").replaceChildren(
      ...columns.map((name) => element("option", {}, name)),
    );
    byId("table-target").value = columns.at(-1);
    byId("table-learning").hidden = false;
    byId("table-state").textContent =
      `${name}: ${rows.length} rows of ${columns.length} columns`;
  }

  async learn() {
    const { table } = this;
    if (table === undefined) return;
    const target = byId("table-target").value;
    const encoder = await TableEncoder.fit(table, { target });
    const samples = await encoder.samples(table);
    await this.mlp?.dispose();
    const mlp = new Mlp({ encoder, hidden: [32], seed: 1 });
    this.mlp = mlp;
    byId("table-result").hidden = false;
    /** @type {(number | null)[][]} */
    const curves = [[], [], []];
    const run = mlp.fit(samples, { epochs: EPOCHS, validationSplit: 0.2 });
    for await (const { epoch, loss, validation } of run) {
      curves[0].push(epoch);
      curves[1].push(loss);
      curves[2].push(validation?.loss ?? null);
      this.chart.show(curves);
      byId("table-state").textContent = `epoch ${epoch} of ${EPOCHS} · ${
        scoreOf(validation)
      }`;
    }
    const predict = async (/** @type {any} */ { row }) => {
      const [found] = await mlp.predictTable([row]);
      return found;
    };
    new TryIt(byId("table-result"), formOf(mlp), predict);
  }
}
