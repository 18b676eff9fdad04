import { useEffect, useState } from "preact/hooks";
import { Chart } from "./chart.js";
import { Next } from "./choices.js";
import { LastCall } from "./ending.js";
import { ExportDialog } from "./export.js";
import { GoalForm } from "./goals.js";
import { History, Transport } from "./history.js";
import { type Message, useDesk } from "./hooks.js";
import { Invariants } from "./invariants.js";
import { OpenDialog } from "./open.js";
import { useSeeker } from "./seeking.js";
import { StateFigure } from "./segments.js";
import { ErrataDialog, SetupBar } from "./setup.js";

type Dialog = "open" | "export" | "errata";

/** The whole page. */
export function App({ message }: { readonly message: Message | null }) {
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const seeker = useSeeker();
  const close = (): void => setDialog(null);
  useShortcuts();
  return (
    <>
      <Header show={setDialog} />
      <Messages message={message} />
      <main>
        <div class="column centre">
          <Transport seek={seeker.seekViolation} />
          <LastCall />
          <StateFigure />
        </div>
        <div class="column right">
          <Next />
        </div>
        <div class="column left">
          <History />
          <Invariants />
          <GoalForm seeker={seeker} />
        </div>
        <Chart />
      </main>
      <Legend />
      {dialog === "open" ? <OpenDialog close={close} /> : null}
      {dialog === "export" ? <ExportDialog close={close} /> : null}
      {dialog === "errata" ? <ErrataDialog close={close} /> : null}
    </>
  );
}

function Header({ show }: { readonly show: (dialog: Dialog) => void }) {
  const { say, explorer } = useDesk();
  const copy = async (): Promise<void> => {
    if (explorer.hash === null) {
      say({ kind: "wrong", text: "This history is too long for a link; export it, and open the file instead." });
      return;
    }
    await navigator.clipboard.writeText(location.href);
    say({ kind: "done", text: "The link is on the clipboard: it leads here, with all of this history." });
  };
  return (
    <header>
      <h1>
        segmf <span>explorer</span>
      </h1>
      <SetupBar showErrata={() => show("errata")} />
      <div class="actions">
        <button type="button" onClick={() => show("open")}>
          Open…
        </button>
        <button type="button" onClick={() => show("export")}>
          Export…
        </button>
        <button type="button" onClick={() => void copy()}>
          Copy link
        </button>
      </div>
    </header>
  );
}

/** What was done is said when it is convenient; what is wrong at once. Both stay until something else is said. */
function Messages({ message }: { readonly message: Message | null }) {
  const { say } = useDesk();
  return (
    <div class="messages">
      <p role="status">{message?.kind === "done" ? message.text : ""}</p>
      <p role="alert">{message?.kind === "wrong" ? message.text : ""}</p>
      {message === null ? null : (
        <button type="button" class="quiet" onClick={() => say(null)}>
          Dismiss<span class="sr"> this message</span>
        </button>
      )}
    </div>
  );
}

function Legend() {
  return (
    <footer>
      <p>
        <span class="cell changed">
          <span class="now">new</span>
          <span class="was">was old</span>
        </span>{" "}
        the last step changed it
      </p>
      <p>
        <span class="cell wrong">
          <span class="now">got</span>
          <span class="must">must be expected</span>
        </span>{" "}
        specification and driver disagree on it
      </p>
      <p>
        <kbd>Ctrl</kbd> <kbd>Z</kbd> back, <kbd>Ctrl</kbd> <kbd>Shift</kbd> <kbd>Z</kbd> step on
      </p>
    </footer>
  );
}

function useShortcuts(): void {
  const { explorer } = useDesk();
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || isTyping(event.target)) return;
      const key = event.key.toLowerCase();
      if (key === "z" && !event.shiftKey) explorer.undo();
      else if (key === "y" || key === "z") explorer.redo();
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, [explorer]);
}

/** In a field the browser's own undo is meant. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && target.type !== "checkbox");
}
