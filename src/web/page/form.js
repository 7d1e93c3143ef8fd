// @ts-check
/// <reference lib="dom" />
/** A form with a field for each column of a table. */
import { element } from "./paint.js";

/**
 * @typedef {{ name: string, kind: string, values?: string[], other: boolean, optional: boolean, example: string }} Field
 */

/**
 * Makes the form.
 * @param {Field[]} fields
 * @param {(row: Record<string, string>) => void} changed
 */
export function makeForm(fields, changed) {
  const form = element("form", { class: "fields" });
  const controls = fields.map((field, at) => {
    const id = `field-${at}`;
    const control = controlOf(field, id);
    const label = element("label", { for: id, title: field.name }, field.name);
    const box = element("div", {}, label, control);
    if (field.values && field.other) box.append(listOf(field, id));
    form.append(box);
    return control;
  });
  const tell = () =>
    changed(Object.fromEntries(
      fields.map(({ name }, at) => [name, controls[at].value]),
    ));
  form.addEventListener("input", tell);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    tell();
  });
  tell();
  return form;
}

/**
 * @param {Field} field
 * @param {string} id
 */
function controlOf({ kind, values, other, optional, example }, id) {
  const texts = kind === "boolean" ? ["yes", "no"] : other ? undefined : values;
  if (texts === undefined) {
    const input = element("input", {
      id,
      value: example,
      autocomplete: "off",
      inputmode: kind === "number" ? "decimal" : "text",
      placeholder: optional ? "unknown" : "",
      ...(values ? { list: `${id}-values` } : {}),
    });
    return input;
  }
  const select = element("select", { id });
  if (optional) select.append(element("option", { value: "" }, "unknown"));
  select.append(
    ...texts.map((text) => element("option", { value: text }, text)),
  );
  if (texts.includes(example)) select.value = example;
  else if (kind === "boolean") {
    select.value = /^(no|n|false|f|0|off)$/i.test(example) ? "no" : "yes";
  }
  return select;
}

/**
 * @param {Field} field
 * @param {string} id
 */
function listOf({ values = [] }, id) {
  const options = values.map((value) => element("option", { value }));
  return element("datalist", { id: `${id}-values` }, ...options);
}
