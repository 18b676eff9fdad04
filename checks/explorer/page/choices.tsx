import { useEffect, useRef, useState } from "preact/hooks";
import type { Blocked, Choice, ChoiceGroup } from "../session/choices.js";
import type { Asking } from "../session/view.js";
import { guardWords } from "../session/words.js";
import { useDesk, useExplorer } from "./hooks.js";
import { Unfolding } from "./unfolding.js";

/** Groups of more than this many calls begin closed. */
const MANY = 12;

/** What may happen next: calls at rest, answers while one is under way; and what can't, with what stops it. */
export function Next() {
  const { view } = useExplorer();
  const [asks, setAsks] = useState(true);
  const [filter, setFilter] = useState("");
  const { asking, groups, blocked, reference, panicked } = view;
  const section = useRef<HTMLElement>(null);
  // What was pressed is gone: the keyboard goes on with what came in its place.
  const isFirst = useRef(true);
  useEffect(() => {
    const skips = isFirst.current || document.activeElement !== document.body;
    isFirst.current = false;
    if (skips) return;
    section.current
      ?.querySelector<HTMLElement>(asking === null ? "h2" : ".answers button")
      ?.focus({ preventScroll: true });
  }, [view]);
  return (
    <section ref={section} class="panel next" aria-labelledby="next-title">
      <h2 id="next-title" tabIndex={-1}>
        {asking === null ? "What may happen next" : "The kernel answers"}
      </h2>
      {asking === null ? (
        <>
          <p class="options">
            <label>
              <input type="checkbox" checked={asks} onChange={(event) => setAsks(event.currentTarget.checked)} /> choose
              the kernel’s answers
            </label>
            <label>
              <span class="sr">Filter calls</span>
              <input
                type="search"
                placeholder="filter, as: grefs page 1"
                value={filter}
                onInput={(event) => setFilter(event.currentTarget.value)}
              />
            </label>
          </p>
          {panicked ? <p class="hint">The machine has panicked. Go back to go on.</p> : null}
          {reference || panicked ? null : (
            <p class="hint">
              An invariant is broken: the specification is no reference any more, and only invariants on states are
              judged from here.
            </p>
          )}
          <Groups groups={groups} filter={filter} asks={asks} />
        </>
      ) : (
        <Answers asking={asking} />
      )}
      <BlockedList blocked={blocked} />
    </section>
  );
}

interface GroupsProps {
  readonly groups: readonly ChoiceGroup[];
  readonly filter: string;
  readonly asks: boolean;
}

function Groups({ groups, filter, asks }: GroupsProps) {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = groups
    .map((group) => ({ ...group, choices: group.choices.filter((choice) => isNamed(group, choice, words)) }))
    .filter(({ choices }) => choices.length > 0);
  const acts = shown.map((group) => ({ ...group, choices: group.choices.filter(({ changes }) => changes) }));
  const idle = shown.map((group) => ({ ...group, choices: group.choices.filter(({ changes }) => !changes) }));
  const idleCount = idle.reduce((sum, { choices }) => sum + choices.length, 0);
  if (shown.length === 0 && words.length > 0) return <p class="hint">No call has all of these words.</p>;
  return (
    <>
      {acts.map((group) => (
        <Group key={`${group.seg} ${group.name}`} group={group} asks={asks} isOpen={words.length > 0} />
      ))}
      {idleCount === 0 ? null : (
        <Unfolding class="idle" isOpen={words.length > 0} summary={`Calls that change nothing (${idleCount})`}>
          {() =>
            idle.map((group) => (
              <Group key={`${group.seg} ${group.name}`} group={group} asks={asks} isOpen={words.length > 0} />
            ))
          }
        </Unfolding>
      )}
    </>
  );
}

function isNamed({ name, seg }: ChoiceGroup, { text }: Choice, words: readonly string[]): boolean {
  const all = `${name} segment ${seg} ${text}`.toLowerCase();
  return words.every((word) => all.includes(word));
}

interface GroupProps {
  readonly group: ChoiceGroup;
  readonly asks: boolean;
  readonly isOpen: boolean;
}

function Group({ group: { name, seg, choices }, asks, isOpen }: GroupProps) {
  if (choices.length === 0) return null;
  const title = name === "create" ? name : `${name} · segment ${seg}`;
  const summary = (
    <>
      {title} <span class="count">{choices.length}</span>
    </>
  );
  return (
    <Unfolding class="group" isOpen={isOpen || choices.length <= MANY} summary={summary}>
      {() => (
        <ul>
          {choices.map((choice) => (
            <li key={choice.text}>
              <ChoiceButton name={name} choice={choice} asks={asks} />
            </li>
          ))}
        </ul>
      )}
    </Unfolding>
  );
}

interface ChoiceButtonProps {
  readonly name: string;
  readonly choice: Choice;
  readonly asks: boolean;
}

function ChoiceButton({ name, choice: { call, text, changes }, asks }: ChoiceButtonProps) {
  const { explorer } = useDesk();
  const { says, branch } = changes ? NOTHING : explorer.foretell(call);
  return (
    <button type="button" class="choice" onClick={() => explorer.choose(call, !asks)}>
      <span class="sr">{name} </span>
      <span class="args">{text === "" ? name : text}</span>
      {says === null ? null : (
        <span class="says">
          {says}
          {branch === null ? "" : ` · ${branch}`}
        </span>
      )}
    </button>
  );
}

/** Of calls that change something only their answers tell. */
const NOTHING = { says: null, branch: null };

function Answers({ asking }: { readonly asking: Asking }) {
  const explorer = useExplorer();
  return (
    <div class="answers">
      <p>
        <code>{asking.call}</code> is under way.
      </p>
      {asking.given.length === 0 ? null : (
        <ol class="given">
          {asking.given.map((given, i) => (
            <li key={i}>{given}</li>
          ))}
        </ol>
      )}
      <p class="question" aria-live="polite">
        The driver asks: <strong>{asking.question}</strong>
      </p>
      {asking.otherwise === null ? null : <p class="wrong-text">The specification {asking.otherwise}.</p>}
      <p class="buttons">
        {asking.answers.map(({ answer, text }, i) => (
          <button
            type="button"
            key={answer}
            class={i === 0 ? "primary" : "failure"}
            onClick={() => explorer.answer(answer)}
          >
            {text}
          </button>
        ))}
      </p>
      <p class="buttons">
        <button type="button" onClick={() => explorer.restSucceeds()}>
          all else succeeds
        </button>
        <button type="button" onClick={() => explorer.undo()}>
          one answer back
        </button>
        <button type="button" onClick={() => explorer.cancel()}>
          leave the call unmade
        </button>
      </p>
    </div>
  );
}

function BlockedList({ blocked }: { readonly blocked: readonly Blocked[] }) {
  if (blocked.length === 0) return null;
  return (
    <details class="blocked">
      <summary>What can’t happen now ({blocked.length})</summary>
      <ul>
        {blocked.map(({ what, why, guard }) => (
          <li key={what}>
            <button type="button" class="choice" disabled aria-describedby={idOf(what)}>
              {what}
            </button>
            <span id={idOf(what)} class="why">
              {guard === null ? why : `${why} (guard ${guard}: ${guardWords(guard)})`}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function idOf(what: string): string {
  return `why-${what.replaceAll(/\W+/g, "-")}`;
}
