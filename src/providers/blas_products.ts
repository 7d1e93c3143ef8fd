import { openBlas } from "./blas.ts";
import type { Kernels } from "../kernels/kernels.ts";
import type { Products } from "../kernels/products.ts";

/** The CBLAS's names of what is done to a matrix, and of the order of its elements. */
const COLUMN_MAJOR = 102;
const AS_IT_IS = 111;
const TRANSPOSED = 112;

/** The products of a BLAS, each on its own slice of the shared memory. */
export function blasProducts(
  path: string,
  memory: WebAssembly.Memory,
  kernels: Kernels,
): Products {
  const { symbols: { cblas_sgemm: sgemm } } = openBlas(path);
  // Views, as to make pointers would need more than the permission for this library; anew, as the memory may have grown.
  const at = (offset: number) => new Uint8Array(memory.buffer, offset);
  return {
    forward(op, start, from, to) {
      const { w, ldw, outputs, inputs, lda, z, ldz } = op;
      const a = op.a + op.aStep * start + 4 * lda * from;
      kernels.fillColumns(w, z, ldz, from, to);
      sgemm(
        ...[COLUMN_MAJOR, AS_IT_IS, AS_IT_IS] as const,
        ...[outputs, to - from, inputs, 1] as const,
        ...[at(w + 4 * ldw), ldw, at(a), lda, 1] as const,
        ...[at(z + 4 * ldz * from), ldz] as const,
      );
    },
    delta({ w, ldw, outputs, inputs, delta, ldd, result, ldr }, from, to) {
      sgemm(
        ...[COLUMN_MAJOR, TRANSPOSED, AS_IT_IS] as const,
        ...[inputs, to - from, outputs, 1] as const,
        ...[at(w + 4 * ldw), ldw, at(delta + 4 * ldd * from), ldd, 0] as const,
        ...[at(result + 4 * ldr * from), ldr] as const,
      );
    },
    gradient(op, { start, size }, from, to) {
      const { delta, ldd, outputs, lda, grad, ldg } = op;
      const a = op.a + op.aStep * start + 4 * from;
      sgemm(
        ...[COLUMN_MAJOR, AS_IT_IS, TRANSPOSED] as const,
        ...[outputs, to - from, size, 1] as const,
        ...[at(delta), ldd, at(a), lda, 0] as const,
        ...[at(grad + 4 * ldg * (from + 1)), ldg] as const,
      );
    },
  };
}
