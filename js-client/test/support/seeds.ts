// The seeds that random tests take.

/** `SEED=7` takes one alone. */
const SEED = Number(process.env["SEED"] ?? 0);

/** Whether all are taken: `BENNU_TEST_ALL=1`. A change is tested with few again and again. */
export const isAll = process.env["BENNU_TEST_ALL"] === "1" && !SEED;

/** `few` seeds, or `all`. */
export function seeds(few: number, all: number): number[] {
  return SEED ? [SEED] : Array.from({ length: isAll ? all : few }, (_, at) => at + 1);
}
