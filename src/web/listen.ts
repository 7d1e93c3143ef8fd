import { isMistake, StateError } from "../checks/errors.ts";
import { answer, Refusal } from "./responses.ts";

/** Ports that are tried, one after another. */
const TRIES = 20;

/** Where a server listens. */
export interface Listening {
  readonly hostname: string;
  readonly port: number;
  /** The address for a browser, with a slash at its end. */
  readonly address: string;
  readonly server: Deno.HttpServer<Deno.NetAddr>;
}

/** Answers a request, or throws a {@linkcode Refusal}. */
export type Answering = (request: Request) => Promise<Response> | Response;

/**
 * Listens on a port, or if it is busy on the next one that isn't.
 *
 * @param port From 1 on; 0 takes any that is free.
 *
 * @throws {StateError} If the permission is missing, no port is free, or there is no such host.
 */
export function listen(
  hostname: string,
  port: number,
  answering: Answering,
): Listening {
  const handler = (request: Request) => answered(request, answering);
  const last = port === 0 ? 0 : Math.min(port + TRIES - 1, 65_535);
  for (let at = port; at <= last; at++) {
    try {
      const options = { hostname, port: at, onListen() {} };
      const server = Deno.serve(options, handler);
      const { addr } = server;
      const name = hostname.includes(":") ? `[${hostname}]` : hostname;
      const address = `http://${name}:${addr.port}/`;
      return { hostname, port: addr.port, address, server };
    } catch (error) {
      if (error instanceof Deno.errors.AddrInUse) continue;
      if (error instanceof Deno.errors.NotCapable) {
        throw new StateError(
          `Cannot listen on ${hostname} as the permission is missing: run again with --allow-net=${hostname}`,
        );
      }
      const { message } = error as Error;
      throw new StateError(`Cannot listen on ${hostname}:${at}: ${message}`);
    }
  }
  throw new StateError(
    `Cannot listen on ${hostname} as the ports from ${port} to ${last} are busy`,
  );
}

async function answered(
  request: Request,
  answering: Answering,
): Promise<Response> {
  try {
    return await answering(request);
  } catch (error) {
    if (error instanceof Refusal) return error.toResponse();
    if (isMistake(error)) return new Refusal(400, error.message).toResponse();
    console.error(error);
    return answer("The server failed\n", "text/plain", 500);
  }
}
