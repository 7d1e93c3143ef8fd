/** Bytes as hexadecimal digits. `Uint8Array.prototype.toHex` is too new for some runtimes. */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

/** The SHA-256 of bytes, as hexadecimal digits. */
export async function sha256(bytes: BufferSource): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}
