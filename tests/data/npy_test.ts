import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeNpy, encodeNpy } from "../../src/data/npy.ts";

/** A file with that header, then the bytes of the values. */
function npyHeader(header: string, data: number[], version = 1): Uint8Array {
  const length = [header.length & 255, header.length >> 8];
  return Uint8Array.from([
    ...[0x93, ...new TextEncoder().encode("NUMPY"), version, 0, ...length],
    ...(version === 1 ? [] : [0, 0]),
    ...new TextEncoder().encode(header),
    ...data,
  ]);
}

/** A file as NumPy writes it: version, type, order and shape as given, then the bytes of the values. */
function npyFile(
  { version = 1, descr, fortran = "False", shape, data }: {
    version?: number;
    descr: string;
    fortran?: string;
    shape: string;
    data: number[];
  },
): Uint8Array {
  const header =
    `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }\n`;
  return npyHeader(header, data, version);
}

Deno.test("decodeNpy() reads every type of number in both orders of bytes", () => {
  const read = (descr: string, data: number[], shape = "(1,)") => [
    ...decodeNpy(npyFile({ descr, shape, data }), { name: "x.npy" }).values,
  ];
  assert.deepEqual(read("<f4", [0, 0, 0xc0, 0x3f]), [1.5]);
  assert.deepEqual(read(">f4", [0x3f, 0xc0, 0, 0]), [1.5]);
  assert.deepEqual(read("<f8", [0, 0, 0, 0, 0, 0, 0xf8, 0x3f]), [1.5]);
  assert.deepEqual(read("<f2", [0, 0x3e]), [1.5]);
  assert.deepEqual(read(">f2", [0xfc, 0]), [-Infinity]);
  assert.deepEqual(read("<f2", [0, 0x7e]), [NaN]);
  assert.deepEqual(read("=f4", [0, 0, 0xc0, 0x3f]), [1.5]);
  assert.deepEqual(read("f4", [0, 0, 0xc0, 0x3f]), [1.5]);
  assert.deepEqual(read("|b1", [0, 1, 2], "(3,)"), [0, 1, 1]);
  assert.deepEqual(read("|i1", [0xff]), [-1]);
  assert.deepEqual(read("|u1", [0xff]), [255]);
  assert.deepEqual(read("|b1", [1]), [1]);
  assert.deepEqual(read("<i2", [0xfe, 0xff]), [-2]);
  assert.deepEqual(read(">u2", [1, 2]), [258]);
  assert.deepEqual(read("<i4", [1, 0, 0, 0x80]), [-(2 ** 31) + 1]);
  assert.deepEqual(read(">u4", [0x80, 0, 0, 1]), [2 ** 31 + 1]);
  assert.deepEqual(read("<i8", [0xfd, ...new Array(7).fill(0xff)]), [-3]);
  assert.deepEqual(read("<u8", [7, 0, 0, 0, 0, 0, 0, 0]), [7]);
  assert.deepEqual(read("|u1", [9], "()"), [9]);
});

Deno.test("decodeNpy() reads versions 2 and 3, and transposes Fortran order", () => {
  for (const version of [1, 2, 3]) {
    const { shape, values } = decodeNpy(
      npyFile({
        ...{ version, descr: "|u1", fortran: "True", shape: "(2, 3)" },
        data: [1, 4, 2, 5, 3, 6],
      }),
      { name: "x.npy" },
    );
    assert.deepEqual(shape, [2, 3]);
    assert.deepEqual([...values], [1, 2, 3, 4, 5, 6]);
  }
});

Deno.test("decodeNpy() keeps in float32 what a float32 holds, and all else in float64", () => {
  const kinds = {
    Float32Array: ["<f2", "<f4", "|b1", "|u1", "|i1", "<u2", ">i2"],
    Float64Array: ["<f8", "<u4", "<i4", "<u8", ">i8"],
  };
  for (const [kind, types] of Object.entries(kinds)) {
    for (const descr of types) {
      const size = Number(descr[2]);
      const data = Array<number>(size).fill(0);
      const { values } = decodeNpy(npyFile({ descr, shape: "(1,)", data }), {
        name: "x.npy",
      });
      assert.equal(values.constructor.name, kind, descr);
    }
  }
});

Deno.test("decodeNpy() reads headers as others write them", () => {
  for (
    const header of [
      "{'shape': (2, 1), 'fortran_order': False, 'descr': '|u1'}",
      "{'fortran_order':False,'descr':'|u1','shape':(2,1)}",
      '{"descr": "|u1", "shape": (2, 1,), "fortran_order": False, }   \n',
      " {\n 'descr' : '|u1' ,\n 'fortran_order' : False ,\n 'shape' : ( 2 , 1 ) , } ",
      "{'descr': '|u1', 'fortran_order': False, 'shape': (2L, 1L), }",
    ]
  ) {
    for (const version of [1, 2, 3]) {
      const { shape, values } = decodeNpy(npyHeader(header, [7, 9], version), {
        name: "x.npy",
      });
      assert.deepEqual([shape, [...values]], [[2, 1], [7, 9]], header);
    }
  }
});

Deno.test("decodeNpy() brings arrays of any dimensions from Fortran order to C order", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 5 }),
      (shape) => {
        const count = shape.reduce((all, size) => all * size, 1);
        // The values are their places in the file, told by the indices in C order.
        const wanted: number[] = [];
        const visit = (axis: number, place: number, stride: number) => {
          if (axis === shape.length) return void wanted.push(place & 255);
          for (let index = 0; index < shape[axis]; index++) {
            visit(axis + 1, place + index * stride, stride * shape[axis]);
          }
        };
        visit(0, 0, 1);
        const tuple = `(${shape.map((size) => `${size},`).join(" ")})`;
        const found = decodeNpy(
          npyFile({
            ...{ descr: "|u1", fortran: "True", shape: tuple },
            data: Array.from({ length: count }, (_, at) => at & 255),
          }),
          { name: "x.npy" },
        );
        assert.deepEqual(found, {
          shape,
          values: Float32Array.from(wanted),
        });
      },
    ),
    { seed: 2, numRuns: 200 },
  );
});

Deno.test("decodeNpy() reads bytes in shared memory, and in the middle of a buffer", () => {
  const file = encodeNpy(Float32Array.of(1.5, 2.5), [2]);
  const shared = new Uint8Array(new SharedArrayBuffer(file.length + 3));
  shared.set(file, 3);
  assert.deepEqual(
    decodeNpy(shared.subarray(3), { name: "x.npy" }).values,
    Float32Array.of(1.5, 2.5),
  );
});

Deno.test("decodeNpy() and encodeNpy() name arguments of the wrong type", () => {
  assert.throws(
    () => decodeNpy("x.npy" as unknown as Uint8Array, { name: "x.npy" }),
    {
      name: "TypeError",
      message:
        "Cannot read .npy as 'bytes' must be a Uint8Array (readNpy() takes a path): current value is 'x.npy'",
    },
  );
  const write = (values: unknown, shape: unknown) => () =>
    encodeNpy(values as Float32Array, shape as number[]);
  assert.throws(write([1], [1]), {
    name: "TypeError",
    message:
      "Cannot write .npy as 'values' must be a Float32Array: current value is [1]",
  });
  assert.throws(write(Float32Array.of(1), 1), {
    name: "TypeError",
    message:
      "Cannot write .npy as 'shape' must be an array: current value is 1",
  });
  assert.throws(write(Float32Array.of(1, 2), [-1, -2]), {
    name: "RangeError",
    message:
      "Cannot write .npy as 'shape[0]' must be a whole number of 0 or more: current value is -1",
  });
});

Deno.test("encodeNpy() writes what decodeNpy() reads, aligned as NumPy wants it", () => {
  fc.assert(
    fc.property(
      fc.array(fc.float({ noNaN: true }), { minLength: 1, maxLength: 40 }),
      (list) => {
        const values = Float32Array.from(list);
        const bytes = encodeNpy(values, [values.length, 1]);
        assert.equal((bytes.length - 4 * values.length) % 64, 0);
        const found = decodeNpy(bytes, { name: "x.npy" });
        assert.deepEqual(found, { shape: [values.length, 1], values });
      },
    ),
    { seed: 1, numRuns: 100 },
  );
  assert.throws(() => encodeNpy(Float32Array.of(1, 2), [3]), {
    name: "RangeError",
    message:
      "Cannot write .npy as 'values.length' must be 3 as of shape: current value is 2",
  });
});

Deno.test("decodeNpy() refuses what isn't right, and names the file", () => {
  const refused = (bytes: Uint8Array, message: RegExp) =>
    assert.throws(() => decodeNpy(bytes, { name: "x.npy" }), {
      name: "RangeError",
      message,
    });
  const good = { descr: "|u1", shape: "(2,)", data: [1, 2] };
  refused(
    Uint8Array.of(0x50, 0x4b, 3, 4, ...new Uint8Array(20)),
    /^Cannot read 'x\.npy' as it is an archive such as \.npz: write each array by itself with numpy\.save\(\)$/,
  );
  refused(
    npyFile({ ...good, shape: "(4294967296, 4294967296)" }),
    /'shape' must be of 1073741824 values or less: current value is \[4294967296, 4294967296\]$/,
  );
  refused(
    npyFile({ ...good, shape: `(0, ${"9".repeat(400)})` }),
    /'shape' must be of 1073741824 values or less: current value is \[0, Infinity\]$/,
  );
  refused(
    npyFile({ ...good, shape: `(${"1,".repeat(65)})` }),
    /'dimensions' must be 64 or less: current value is 65$/,
  );
  refused(
    npyFile({ ...good, version: 2 }).with(11, 255),
    /'length of the header' must be \d+ or less: current value is 42781901\d\d$/,
  );
  refused(new Uint8Array(20), /^Cannot read 'x.npy' as 'magic number' must be/);
  refused(
    npyFile({ ...good, version: 4 }),
    /'version' must be from 1 to 3/,
  );
  refused(npyFile({ ...good, data: [1] }), /'length' must be 7\d bytes/);
  refused(npyFile({ ...good, data: [1, 2, 3] }), /'length' must be/);
  refused(
    npyFile({ ...good, descr: "<U5" }),
    /'type' must be of numbers with 1 to 8 bytes, as of x\.astype\('float32'\): current value is '<U5, text'$/,
  );
  for (
    const [descr, kind] of [
      ["|O", "|O, Python objects"],
      ["<c8", "<c8, complex numbers"],
      ["<M8", "<M8, dates"],
      ["<f16", "<f16"],
      ["<f3", "<f3"],
      ["toString", "toString"],
    ]
  ) {
    refused(
      npyFile({ ...good, descr }),
      new RegExp(`current value is '${RegExp.escape(kind)}'$`),
    );
  }
  const header = (text: string) => npyHeader(text, [1, 2]);
  refused(
    header(
      "{'descr': [('a', '<f4'), ('b', '<i4')], 'fortran_order': False, 'shape': (1,)}",
    ),
    /current value is '\[\('a', '<f4'\), \('b', '<i4'\)\], records'$/,
  );
  for (
    const text of [
      "",
      "{}",
      "{'descr': '|u1', 'fortran_order': False}",
      "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), 'shape': (2,)}",
      "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), 'more': True}",
      "{'descr': '|u1', 'fortran_order': 'False', 'shape': (2,)}",
      "{'descr': '|u1', 'fortran_order': False, 'shape': (2 2)}",
      "{'descr': '|u1', 'fortran_order': False, 'shape': (,)}",
      "{'descr': '|u1', 'fortran_order': False, 'shape': (-2,)}",
      "{'descr': '|u1', 'fortran_order': False, 'shape': (2.0,)}",
      "{'descr': '|u1', 'fortran_order': False, 'shape': '(2,)'}",
      "{'descr': '|u1' 'fortran_order': False, 'shape': (2,)}",
    ]
  ) {
    const shown = RegExp.escape(text);
    refused(
      header(text),
      new RegExp(
        `^Cannot read 'x.npy' as 'header' must be of descr, fortran_order and shape: current value is '${shown}'$`,
      ),
    );
  }
  refused(
    npyFile({ descr: "<u8", shape: "(1,)", data: new Array(8).fill(255) }),
    /'value 0' must be within/,
  );
});
