/** Packs bytes as zlib does, which is what PNG has. */
export async function deflated(
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([bytes]).stream()
    .pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

/** Bytes as base64. `Uint8Array.prototype.toBase64` is too new for some runtimes. */
export function base64(bytes: Uint8Array): string {
  return btoa(
    Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""),
  );
}
