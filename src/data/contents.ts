/** Reads bytes from wherever they are: a file, what a person chose, a server's answer, or a stream. */
import {
  StateError,
  WrongTypeError,
  WrongValueError,
} from "../checks/errors.ts";
import { wrong } from "../checks/validate.ts";
import { pathOf, readBytes, readPipe } from "../io/read_bytes.ts";

/**
 * What is read: the path of a file, its `file:` URL, a `File` as pages have them, the answer to a `fetch()`, or a stream of
 * bytes. A `Response` has the name at the end of its address; a stream has none, as if it were called `stream`.
 *
 * @example
 * ```ts
 * import { type Contents, readTable } from "@lockstep/lockstep";
 *
 * const stream: Contents = new Blob(["size,kind\n1,small\n9,large\n"]).stream();
 * console.log((await readTable(stream)).columns); // ["size", "kind"]
 * ```
 */
export type Contents =
  | string
  | URL
  | File
  | Response
  | ReadableStream<Uint8Array<ArrayBuffer>>;

/** Endings of the names of what servers call otherwise. */
const ENDINGS: Readonly<Record<string, string>> = {
  "application/json": ".json",
  "application/x-ndjson": ".jsonl",
  "application/vnd.apache.parquet": ".parquet",
};

/** What is read, and its name for errors; the ending of the name may tell the format. */
export async function namedBytes(
  action: string,
  source: Contents,
): Promise<{ readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> }> {
  if (source instanceof File) {
    const bytes = new Uint8Array(await source.arrayBuffer());
    return { name: source.name, bytes };
  }
  if (source instanceof Response) {
    const { ok, status, statusText, url, body, headers } = source;
    if (!ok) {
      const found = [status, statusText, url].filter(Boolean).join(" ");
      throw new WrongValueError(
        `Cannot ${action} as the server must send it: its answer is ${found}`,
      );
    }
    const name = nameOf(url, headers.get("content-type"));
    if (source.bodyUsed) throw wasRead(action, name);
    // One without a body is empty.
    const bytes = body === null
      ? new Uint8Array()
      : await bytesOf(action, name, body);
    return { name, bytes };
  }
  if (source instanceof ReadableStream) {
    const name = "stream";
    return { name, bytes: await bytesOf(action, name, source) };
  }
  const name = pathOf(
    action,
    source,
    "a path, a URL, a File, a Response or a stream of bytes",
  );
  return { name, bytes: await readBytes(name) };
}

/** The name at the end of an address, with the ending that the type of the contents tells if it has none. */
function nameOf(address: string, type: string | null): string {
  const path = URL.canParse(address) ? new URL(address).pathname : "";
  const last = path.slice(path.lastIndexOf("/") + 1) || "response";
  const ending = ENDINGS[type?.split(";")[0].trim().toLowerCase() ?? ""] ?? "";
  return last.includes(".") ? last : `${last}${ending}`;
}

function wasRead(action: string, name: string): StateError {
  return new StateError(
    `Cannot ${action} as '${name}' must not have been read before: a stream, or the body of a response, is read once`,
  );
}

/** Reads a stream to its end. */
async function bytesOf(
  action: string,
  name: string,
  stream: ReadableStream<unknown>,
): Promise<Uint8Array<ArrayBuffer>> {
  if (stream.locked) throw wasRead(action, name);
  const reader = stream.getReader();
  let rest: Uint8Array | undefined;
  try {
    return await readPipe(
      {
        async read(part) {
          while (rest === undefined || rest.length === 0) {
            const { done, value } = await reader.read();
            if (done) return null;
            if (!(value instanceof Uint8Array)) {
              const wanted =
                "a stream of Uint8Arrays, as .pipeThrough(new TextEncoderStream()) makes it of text";
              throw new WrongTypeError(wrong(action, name, wanted, value));
            }
            rest = value;
          }
          const some = rest.subarray(0, part.length);
          part.set(some);
          rest = rest.subarray(some.length);
          return some.length;
        },
      },
      name,
    );
  } catch (cause) {
    // Whoever sends needn't go on.
    await reader.cancel(cause).catch(() => {});
    throw cause;
  } finally {
    reader.releaseLock();
  }
}
