/** Types of the files of the page. */
const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  csv: "text/csv; charset=utf-8",
  bin: "application/octet-stream",
};

/** Serves the files of a folder, and no others, to this machine alone; without a header that isolates the page. */
export function serveFolder(
  folder: URL,
  port: number,
): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve(
    { hostname: "127.0.0.1", port, onListen() {} },
    async (request) => {
      const name = new URL(request.url).pathname.slice(1) || "index.html";
      const type = TYPES[name.split(".").at(-1)!];
      if (!/^\w+\.\w+$/.test(name) || type === undefined) {
        return new Response("There is no such file", { status: 404 });
      }
      const file = await Deno.open(new URL(name, folder)).catch(() =>
        undefined
      );
      if (file === undefined) return new Response(null, { status: 404 });
      return new Response(file.readable, { headers: { "content-type": type } });
    },
  );
}
