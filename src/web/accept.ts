/** What type of an answer a request wants. */
import { Refusal } from "./responses.ts";

/** How much a type is wanted, from 0 to 1: by its name, else by its kind, else if anything will do. */
function wantOf(type: string, wants: ReadonlyMap<string, number>): number {
  const kind = `${type.split("/")[0]}/*`;
  return wants.get(type) ?? wants.get(kind) ?? wants.get("*/*") ?? 0;
}

/**
 * The one of some types that a request wants most by its header `Accept`; of equals, and without a header, the first.
 *
 * @throws {Refusal} With 406 if it wants none of them.
 */
export function wantedType<Type extends string>(
  request: Request,
  types: readonly [Type, ...Type[]],
): Type {
  const accept = request.headers.get("accept");
  if (accept === null) return types[0];
  const wants = new Map(
    accept.toLowerCase().split(",").map((range) => {
      const [name, ...parameters] = range.split(";").map((text) => text.trim());
      const q = parameters.find((text) => text.startsWith("q="));
      return [name, q === undefined ? 1 : Number(q.slice(2))];
    }),
  );
  const best = types.reduce((best, type) =>
    wantOf(type, wants) > wantOf(best, wants) ? type : best
  );
  if (wantOf(best, wants) > 0) return best;
  throw new Refusal(
    406,
    `Cannot answer as 'Accept' must allow ${
      types.toSorted().join(" or ")
    }: current value is '${accept.slice(0, 100)}'`,
  );
}
