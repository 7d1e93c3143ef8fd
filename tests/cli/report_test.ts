/** `train --report` and `evaluate --report`: the page, also of a training that is interrupted, and what is refused. */
import assert from "node:assert/strict";
import { CommandLine } from "./command_line.ts";

const line = new CommandLine();

/** What a fact of a page says. */
function fact(page: string, name: string): string {
  const html = Deno.readTextFileSync(line.path(page));
  const found = html.split(`<dt>${name}</dt><dd>`)[1];
  assert.ok(found, name);
  return found.slice(0, found.indexOf("</dd>")).replaceAll(/<\/?code>/g, "");
}

/** Titles of sections. */
function titles(page: string): string[] {
  const html = Deno.readTextFileSync(line.path(page));
  return [...html.matchAll(/<h2[^>]*>(.*?)</g)].map(([, title]) => title);
}

Deno.test("train and evaluate write pages that tell how to repeat them", async () => {
  const args = [
    ...["--dataset", "iris.csv", "--hidden", "4", "--epochs", "2"],
    ...["--validation-split", "0.2", "--save", "iris.json"],
    ...["--report", "iris's page.html"],
  ];
  const events = await line.json("train", args);
  const { weightsSha256 } = events.at(-1);
  const page = "iris's page.html";
  assert.equal(
    fact(page, "Command"),
    "deno task train --workers 1 --dataset iris.csv --hidden 4 --epochs 2 --validation-split 0.2 --save iris.json --report &#39;iris&#39;\\&#39;&#39;s page.html&#39; --json",
  );
  assert.equal(fact(page, "Weights, SHA-256"), weightsSha256);
  const bytes = Deno.readFileSync(line.path("iris.csv"));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  assert.equal(fact(page, "Data, SHA-256"), hash.toHex());
  assert.equal(fact(page, "Deno"), Deno.version.deno);
  assert.equal(fact(page, "Samples"), "120 to train with, 30 to test");
  assert.match(fact(page, "Kernels"), /WebAssembly/i);
  assert.equal(
    fact(page, "Rows"),
    `96 trained on, 24 to validate, 30 to test, of the file with the SHA-256 ${hash.toHex()}`,
  );
  assert.equal(
    fact(page, "Settings"),
    "dataset: iris.csv\nhidden: 4\nepochs: 2\nvalidation-split: 0.2\ntarget: species",
  );
  const sections = [
    ...["Result", "Course of the training", "What is taken for what"],
    ...["Scores of each class", "Probabilities", "Worst mistakes"],
    ...["What counts", "How to repeat it"],
  ];
  assert.deepEqual(titles(page), sections);

  const found = await line.json(
    "evaluate",
    [
      ...["--model", "iris.json", "--dataset", "iris.csv"],
      ...["--dependence", "petal length", "--report", "all.html"],
    ],
  );
  assert.deepEqual(
    titles("all.html"),
    sections.filter((title) => title !== "Course of the training"),
  );
  const html = Deno.readTextFileSync(line.path("all.html"));
  assert.ok(html.includes('aria-label="Mean probability by petal length"'));
  const accuracy = found[0].accuracy.toFixed(4);
  assert.ok(html.includes(`Accuracy</dt><dd><strong>${accuracy}</strong>`));
  assert.equal(fact("all.html", "Weights, SHA-256"), weightsSha256);
});

Deno.test({
  name: "a training that is interrupted leaves a whole page, and no other file",
  ignore: Deno.build.os === "windows",
}, async () => {
  const child = line.start(
    "train",
    "--dataset diabetes.csv --hidden 64,64 --epochs 1000000 --json --report stopped.html",
  );
  const stderr = new Response(child.stderr).text();
  let seen = 0;
  for await (
    const part of child.stdout.pipeThrough(new TextDecoderStream())
  ) {
    seen += part.split('"event":"epoch"').length - 1;
    if (seen >= 3) {
      child.kill("SIGINT");
      seen = -Infinity;
    }
  }
  assert.equal((await child.status).code, 130);
  const said = /^Stopped by SIGINT after (.*), wrote 'stopped.html'\n$/
    .exec(await stderr);
  assert.ok(said);
  const html = Deno.readTextFileSync(line.path("stopped.html"));
  assert.ok(html.endsWith("</html>\n"));
  assert.ok(html.includes(`The training was stopped after ${said[1]}.`));
  assert.ok(titles("stopped.html").includes("Predicted and true numbers"));
  const files = [...Deno.readDirSync(line.folder)].map(({ name }) => name);
  assert.deepEqual(files.filter((name) => name.includes("lockstep.tmp")), []);
});

Deno.test("a page that can't be written is refused before the training", async (test) => {
  const train = "--dataset iris.csv --epochs 100000000 --report";
  await line.refusedAll(test, [
    {
      ...{ name: "train", args: `${train} page.pdf` },
      message:
        /^Cannot write 'page.pdf' as its name must end in '.html' or '.htm'$/m,
    },
    {
      ...{ name: "train", args: `${train} no/page.html` },
      message: /^Cannot write 'no\/page.html' as there is no such folder 'no'/,
    },
    {
      ...{ name: "train", args: `${train} a.html --log ./a.html` },
      message:
        /^Cannot write 'a.html' as '--report' must be another file than '--log'$/m,
    },
    {
      name: "evaluate",
      args: "--model iris.json --dataset iris.csv --report iris.csv",
      message: /^Cannot write 'iris.csv' as '--report' must be another file/,
    },
  ]);
});
