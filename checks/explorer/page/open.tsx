import { useState } from "preact/hooks";
import { ERRATA } from "../../../impl/segmf/errata.js";
import { type CorpusFile, corpus, openCorpus } from "./corpus.js";
import { useDesk } from "./hooks.js";
import { Modal } from "./modal.js";

/** Opens a trace: of a file, of what was pasted, or the counterexample of an erratum. */
export function OpenDialog({ close }: { readonly close: () => void }) {
  const { openFiles, explorer, say } = useDesk();
  const [text, setText] = useState("");
  const open = async (files: readonly File[]): Promise<void> => {
    close();
    await openFiles(files);
  };
  const pick = (file: CorpusFile): void => {
    openCorpus(explorer, file);
    close();
    say({
      kind: "done",
      text: `${file.name}: ${explorer.history.length - 1} steps, with the driver that has this erratum. Play it, or step.`,
    });
  };
  return (
    <Modal title="Open a trace or a driver" close={close}>
      <p>
        <label class="file">
          A file: a scenario, an ITF trace, a log, or a driver (.c, .wasm)
          <input
            type="file"
            onChange={(event) => {
              const files = [...(event.currentTarget.files ?? [])];
              if (files.length > 0) void open(files);
            }}
          />
        </label>
      </p>
      <p class="hint">Or drop it anywhere on this page.</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void open([new File([text], "pasted.json")]);
        }}
      >
        <label class="paste">
          Paste a trace
          <textarea rows={4} value={text} spellcheck={false} onInput={(event) => setText(event.currentTarget.value)} />
        </label>
        <p class="buttons">
          <button type="submit" disabled={text.trim() === ""}>
            Open what is pasted
          </button>
        </p>
      </form>
      <h3>Shortest counterexamples of the errata</h3>
      <ul class="corpus">
        {ERRATA.map(({ id, title }) => (
          <li key={id}>
            <span>
              <strong>{id}</strong> {title}
            </span>
            <span class="buttons">
              {corpus()
                .filter(({ erratum }) => erratum === id)
                .map((file) => (
                  <button type="button" key={file.name} onClick={() => pick(file)}>
                    {file.kernel}
                    <span class="sr"> counterexample of {id}</span>
                  </button>
                ))}
            </span>
          </li>
        ))}
      </ul>
    </Modal>
  );
}
