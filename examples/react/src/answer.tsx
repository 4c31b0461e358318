import { type DependencyList, type ReactNode, useEffect, useState } from "react";

import type { Problem } from "./api";

type Asked<Data> = { data?: Data; error?: Pick<Problem, "title" | "detail"> };
type Answer<Data> = { state: "loading" } | { state: "failed"; title: string; detail: string } | { state: "here"; data: Data };

/** What the API answers to this question, asked anew whenever one of these changes. */
export function useAnswer<Data>(ask: (signal: AbortSignal) => Promise<Asked<Data>>, on: DependencyList): Answer<Data> {
  const [answer, setAnswer] = useState<Answer<Data>>({ state: "loading" });
  useEffect(() => {
    const asking = new AbortController();
    const hear = (heard: Answer<Data>) => asking.signal.aborted || setAnswer(heard);
    setAnswer({ state: "loading" });
    ask(asking.signal).then(
      ({ data, error }) => {
        if (data !== undefined) hear({ state: "here", data });
        else hear({ state: "failed", title: "Refused", detail: "The answer is empty.", ...error });
      },
      (fault: unknown) => hear({ state: "failed", title: "Lignage doesn't answer", detail: String(fault) }),
    );
    return () => asking.abort();
  }, on);
  return answer;
}

/** The answer as the children show it; until it is here, or when there is none, a word about that. */
export function Shown<Data>({ answer, children }: { answer: Answer<Data>; children: (data: Data) => ReactNode }) {
  switch (answer.state) {
    case "loading":
      return <p role="status">Loading …</p>;
    case "failed":
      return (
        <p role="alert">
          <strong>{answer.title}.</strong> {answer.detail}
        </p>
      );
    case "here":
      return children(answer.data);
  }
}
