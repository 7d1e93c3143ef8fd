/** A table in a file that is read piece by piece, and not kept. */
import { isMistake, WrongValueError } from "../checks/errors.ts";
import { systemError } from "../io/system_error.ts";
import { files } from "../runtime/files.ts";
import type { OpenFile } from "../runtime/open_file.ts";
import type { OnRead, TableSource } from "./table_source.ts";
import { unpackedStream } from "./unpack.ts";

/** Bytes that are read at a time. */
const CHUNK_BYTES = 1 << 16;

/** How a file that gzip packed begins. */
const GZIP = [0x1f, 0x8b];

/** A source that reads a file anew each time. */
export function fileSource(
  name: string,
  onRead: OnRead = () => {},
): TableSource {
  return {
    name,
    pieces: () => unpackedStream(name, chunksOf(name, onRead)),
    async ranges() {
      using whole = await opened(name);
      const { size } = await whole.stat();
      const slice = async (from: number, to: number) => {
        using file = await opened(name);
        await file.seek(from, 0);
        const bytes = new Uint8Array(to - from);
        let length = 0;
        while (length < bytes.length) {
          const read = await file.read(bytes.subarray(length));
          if (read === null) {
            throw new Error(`it ends at byte ${from + length}`);
          }
          length += read;
        }
        onRead(to, size);
        return bytes;
      };
      const start = await slice(0, Math.min(size, GZIP.length));
      if (start.length < GZIP.length || GZIP.some((b, at) => b !== start[at])) {
        return { size, slice };
      }
      throw new WrongValueError(
        `Cannot read '${name}' as it must be unpacked first, to be read piece by piece`,
      );
    },
  };
}

async function opened(name: string): Promise<OpenFile> {
  try {
    return await files.open(name);
  } catch (cause) {
    throw systemError("read", name, cause);
  }
}

async function* chunksOf(
  name: string,
  onRead: OnRead,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  using file = await opened(name);
  try {
    const before = await file.stat();
    for (let done = 0;;) {
      const chunk = new Uint8Array(CHUNK_BYTES);
      const read = await file.read(chunk);
      if (read === null) break;
      yield chunk.subarray(0, read);
      onRead(done += read, before.size);
    }
    const after = await file.stat();
    if (
      before.size === after.size &&
      before.mtime?.getTime() === after.mtime?.getTime()
    ) return;
  } catch (cause) {
    if (isMistake(cause)) throw cause;
    throw systemError("read", name, cause);
  }
  throw new WrongValueError(
    `Cannot read '${name}' as it must not be written while it is read`,
  );
}
