/** An `int8` as a number; a value that a number can't hold exactly is an error, never rounded. */
export function checkedBigint(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`The integer ${text} from the database is larger than 2^53.`);
  return value;
}
