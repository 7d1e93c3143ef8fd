/** Who may ask: pages of this server alone, and for all but its files only who knows the token. */
import { timingSafeEqual } from "node:crypto";
import { Refusal } from "./responses.ts";

/** Random bytes of a token. */
const TOKEN_BYTES = 24;

/** What an address has that gives access. */
export function newToken(): string {
  return crypto.getRandomValues(new Uint8Array(TOKEN_BYTES)).toBase64({
    alphabet: "base64url",
  });
}

/**
 * Refuses what a page from elsewhere sends, be it from its own address or by a name of its own that leads here (DNS
 * rebinding). A number for a host is no such name; neither is the name that the server was told to listen on.
 *
 * @throws {Refusal} With 421 for another host, 403 for another origin.
 */
export function requireOwn(request: Request, host: string): void {
  const found = request.headers.get("host") ?? "";
  const name = found.replace(/:\d+$/, "");
  const isNumber = /^\d+\.\d+\.\d+\.\d+$|^\[[\da-f:.]+\]$/i.test(name);
  if (!isNumber && name !== "localhost" && name !== host) {
    throw new Refusal(
      421,
      "Cannot answer as 'Host' must be localhost or a number: open the address that was printed",
    );
  }
  const origin = request.headers.get("origin");
  if (origin !== null && origin !== `http://${found}`) {
    throw new Refusal(
      403,
      "Cannot answer as 'Origin' must be that of the page",
    );
  }
}

/** @throws {Refusal} With 403 if neither the header nor the address of a stream has the token. */
export function requireToken(request: Request, token: string): void {
  const given = request.headers.get("x-token") ??
    new URL(request.url).searchParams.get("token") ?? "";
  const [found, wanted] = [given, token].map((text) =>
    new TextEncoder().encode(text)
  );
  if (
    found.length === wanted.length && timingSafeEqual(found, wanted)
  ) return;
  throw new Refusal(
    403,
    "Cannot answer as the token is missing or another one: open the address that was printed, all of it",
  );
}

/** @throws {Refusal} With 405 if a request has another method. */
export function requireMethod(request: Request, ...methods: string[]): void {
  if (methods.includes(request.method)) return;
  const allow = methods.join(", ");
  throw new Refusal(
    405,
    `Cannot answer as the method must be ${allow}: current value is ${request.method}`,
    { allow },
  );
}
