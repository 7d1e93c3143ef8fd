/** Makes an array of `length` zeros that workers can read without a copy. */
export function sharedFloats(length: number): Float32Array<SharedArrayBuffer> {
  return new Float32Array(
    new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT),
  );
}
