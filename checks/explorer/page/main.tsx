import { render } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { Explorer } from "../session/explorer.js";
import { App } from "./app.js";
import { dataOf } from "./data.js";
import { followDrops } from "./drops.js";
import { openDriver, openFile } from "./files.js";
import { type Desk, DeskProvider, type Message } from "./hooks.js";

/** Milliseconds after which the address tells of a change: browsers refuse to change it too often. */
const ADDRESS_PACE = 120;

function Page({ explorer }: { readonly explorer: Explorer }) {
  const [message, say] = useState<Message | null>(null);
  const desk = useMemo((): Desk => {
    const failed = (thrown: unknown): void => say({ kind: "wrong", text: textOf(thrown) });
    const openFiles = async (files: readonly File[]): Promise<void> => {
      for (const file of files) await openFile(explorer, file).then((text) => say({ kind: "done", text }), failed);
    };
    return { explorer, say, failed, openFiles };
  }, [explorer]);
  useEffect(() => {
    void begin(desk).then(() => {
      followAddress(desk);
      document.documentElement.dataset.ready = "yes";
    });
    return followDrops(desk.openFiles);
  }, [desk]);
  return (
    <DeskProvider value={desk}>
      <App message={message} />
    </DeskProvider>
  );
}

/** Begins where the address says, or else where the server does. */
async function begin({ explorer, failed }: Desk): Promise<void> {
  try {
    const start = dataOf("start");
    if (start?.driver === true) {
      const driver = await fetch("/driver.wasm");
      await openDriver(explorer, new Uint8Array(await driver.arrayBuffer()), "the server's driver");
    }
    const hash = location.hash.slice(1) || start?.hash;
    if (hash) explorer.open(hash);
  } catch (thrown) {
    failed(thrown);
  }
}

/** The address says where one stands, and where it leads when it is changed by hand. */
function followAddress({ explorer, failed }: Desk): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = (): void => {
    const { hash } = explorer;
    history.replaceState(null, "", hash === null ? location.pathname : `#${hash}`);
  };
  explorer.subscribe(() => {
    clearTimeout(timer);
    timer = setTimeout(write, ADDRESS_PACE);
  });
  window.addEventListener("hashchange", () => {
    const hash = location.hash.slice(1);
    if (hash === explorer.hash || hash === "") return;
    try {
      explorer.open(hash);
    } catch (thrown) {
      failed(thrown);
    }
  });
}

function textOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

const place = document.getElementById("app");
if (place !== null) {
  place.replaceChildren();
  render(<Page explorer={new Explorer()} />, place);
}
