type Props = { cursor: string | undefined; next: string | null; turn: (cursor?: string) => void };

/** To the first page and to the one that follows, where there are others. */
export function Paging({ cursor, next, turn }: Props) {
  if (!cursor && !next) return null;
  return (
    <p>
      <button disabled={!cursor} onClick={() => turn()}>
        First page
      </button>{" "}
      <button disabled={!next} onClick={() => next && turn(next)}>
        Next page
      </button>
    </p>
  );
}
