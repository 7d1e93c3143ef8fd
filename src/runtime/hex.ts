/** Bytes as hexadecimal digits. `Uint8Array.prototype.toHex` is too new for some runtimes. */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
