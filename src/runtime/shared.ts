/** Memory that threads share. Pages have it only if they are cross-origin isolated. */

/** The headers that isolate a page, for errors. */
export const ISOLATION =
  "serve it with the headers 'Cross-Origin-Opener-Policy: same-origin' and 'Cross-Origin-Embedder-Policy: require-corp'";

/** Whether memory can be sent to a worker. Chromium makes it in any page, but never passes it on where it can't. */
export function sharesMemory(): boolean {
  const { crossOriginIsolated, SharedArrayBuffer } = globalThis as {
    crossOriginIsolated?: boolean;
    SharedArrayBuffer?: unknown;
  };
  return crossOriginIsolated !== false && SharedArrayBuffer !== undefined;
}

/** Zeros that threads share, or else that this one has alone. */
export function sharedBytes(bytes: number): SharedArrayBuffer {
  return sharesMemory()
    ? new SharedArrayBuffer(bytes)
    : new ArrayBuffer(bytes) as unknown as SharedArrayBuffer;
}

/** Whether all threads see what is in an array. */
export function isShared(
  array: Float32Array,
): array is Float32Array<SharedArrayBuffer> {
  return sharesMemory() && array.buffer instanceof SharedArrayBuffer;
}
