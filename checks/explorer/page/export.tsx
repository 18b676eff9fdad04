import { useState } from "preact/hooks";
import { FORMATS } from "../session/exports.js";
import { useDesk, useExplorer } from "./hooks.js";
import { Modal } from "./modal.js";

/** The way to where one stands, in every trace format. */
export function ExportDialog({ close }: { readonly close: () => void }) {
  const explorer = useExplorer();
  const { say } = useDesk();
  const [name, setName] = useState<string>(FORMATS[0].name);
  const format = FORMATS.find((each) => each.name === name) ?? FORMATS[0];
  const { fileName, text, command } = explorer.export(format);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    say({ kind: "done", text: `${fileName} is on the clipboard.` });
  };
  return (
    <Modal title="Export the way to where you stand" close={close}>
      <fieldset class="formats">
        <legend>Format</legend>
        {FORMATS.map((each) => (
          <label key={each.name}>
            <input
              type="radio"
              name="format"
              value={each.name}
              checked={each.name === name}
              onChange={() => setName(each.name)}
            />
            <span>
              <strong>{each.name}</strong> {each.about}
            </span>
          </label>
        ))}
      </fieldset>
      <p class="buttons">
        <button type="button" class="primary" onClick={() => download(fileName, text)}>
          Save {fileName}
        </button>
        <button type="button" onClick={() => void copy()}>
          Copy
        </button>
      </p>
      <p class="hint">
        The same bytes as <code>{command}</code> makes of its scenario.
      </p>
      <label class="paste">
        Preview
        <textarea class="preview" rows={12} readOnly value={text} wrap="off" />
      </label>
    </Modal>
  );
}

function download(fileName: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}
