/** Trains on digits, draws how that goes, and recognizes what is drawn. */
import { Mlp } from "@lockstep/lockstep";
import { asInputs, draw } from "./drawing.js";

const PIXELS = 784;
const CLASSES = 10;
const TEST_SAMPLES = 1_000;

const at = (id) => document.getElementById(id);

/** Has the page isolated by the service worker, which takes one more load. */
async function isolate() {
  if (crossOriginIsolated || !("serviceWorker" in navigator)) return;
  // Reloaded once: where that doesn't help, the page's own thread trains.
  if (sessionStorage.getItem("isolating") !== null) return;
  sessionStorage.setItem("isolating", "yes");
  await navigator.serviceWorker.register("service_worker.js");
  await navigator.serviceWorker.ready;
  location.reload();
  await new Promise(() => {});
}

/** Digits in bytes, each with its class behind its pixels. */
async function fetchDigits() {
  const bytes = new Uint8Array(await (await fetch("digits.bin")).arrayBuffer());
  const count = bytes.length / (PIXELS + 1);
  const part = (from, to) => {
    const x = new Float32Array((to - from) * PIXELS);
    const y = new Float32Array((to - from) * CLASSES);
    for (let s = from; s < to; s++) {
      const start = s * (PIXELS + 1);
      for (let n = 0; n < PIXELS; n++) {
        x[(s - from) * PIXELS + n] = bytes[start + n] / 255;
      }
      y[(s - from) * CLASSES + bytes[start + PIXELS]] = 1;
    }
    return { x, y, count: to - from, inputs: PIXELS, outputs: CLASSES };
  };
  return {
    train: part(0, count - TEST_SAMPLES),
    test: part(count - TEST_SAMPLES, count),
  };
}

const percent = (fraction) => `${(100 * fraction).toFixed(1)} %`;

async function train(mlp, { train, test }) {
  at("train").disabled = true;
  const before = performance.now();
  const run = mlp.fit(train, {
    epochs: 10,
    batchSize: 100,
    validationData: test,
  });
  for await (const { epoch, loss, validation } of run) {
    const seconds = ((performance.now() - before) / 1000).toFixed(1);
    at("state").textContent = `epoch ${epoch} of 10, loss ${loss.toFixed(3)}, ${
      percent(validation.accuracy)
    } of ${test.count} other digits recognized, ${seconds} s`;
  }
  at("train").disabled = false;
}

async function recognize(mlp, canvas) {
  const inputs = asInputs(canvas);
  if (inputs === undefined) return;
  const outputs = await mlp.predict(inputs);
  const rows = [...outputs].map((probability, digit) => {
    const row = document.createElement("tr");
    const meter = Object.assign(document.createElement("meter"), {
      value: probability,
    });
    meter.setAttribute("aria-label", `digit ${digit}`);
    const cells = [`${digit}`, meter, percent(probability)].map((content) => {
      const cell = document.createElement("td");
      cell.append(content);
      return cell;
    });
    row.append(...cells);
    return row;
  });
  at("answers").replaceChildren(...rows);
  at("digit").textContent = `${outputs.indexOf(Math.max(...outputs))}`;
}

await isolate();
const digits = await fetchDigits();
const mlp = new Mlp({ layers: [PIXELS, 64, CLASSES], seed: 1 });
at("where").textContent = crossOriginIsolated
  ? `${digits.train.count} digits to learn, ${mlp.workers} threads`
  : `${digits.train.count} digits to learn, the page's own thread, as it is not isolated`;
at("train").onclick = () => train(mlp, digits);
at("train").disabled = false;
const canvas = at("drawing");
draw(canvas, () => recognize(mlp, canvas));
at("clear").onclick = () =>
  canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
