import { ERRATA, type ErratumId } from "../../../impl/segmf/errata.js";
import { driverName, MOST, type Setup } from "../session/setup.js";
import { useExplorer } from "./hooks.js";
import { Modal } from "./modal.js";

/** What one walks with: driver, kernel, pages, forks. */
export function SetupBar({ showErrata }: { readonly showErrata: () => void }) {
  const explorer = useExplorer();
  const { setup } = explorer.state;
  return (
    <fieldset class="setup">
      <legend class="sr">What one walks with</legend>
      <span class="field">
        <label for="driver">driver</label>
        <DriverSelect setup={setup} showErrata={showErrata} />
      </span>
      <button type="button" class="quiet" onClick={showErrata}>
        Errata…
      </button>
      <span class="field">
        <label for="kernel">kernel</label>
        <select
          id="kernel"
          value={setup.kernel}
          onChange={(event) =>
            explorer.configure({ kernel: event.currentTarget.value === "release" ? "release" : "debug" })
          }
        >
          <option value="debug">debug</option>
          <option value="release">release</option>
        </select>
      </span>
      <NumberSelect
        name="pages"
        value={setup.pages}
        least={1}
        most={MOST.pages}
        change={(pages) => explorer.configure({ pages })}
      />
      <NumberSelect
        name="forks"
        value={setup.forks}
        least={0}
        most={MOST.forks}
        change={(forks) => explorer.configure({ forks })}
      />
    </fieldset>
  );
}

function DriverSelect({ setup, showErrata }: { readonly setup: Setup; readonly showErrata: () => void }) {
  const explorer = useExplorer();
  const { driver } = setup;
  const isPlain = driver.kind === "edition" && (driver.errata.length === 0 || driver.errata.length === ERRATA.length);
  const name = driverName(setup);
  const choose = (value: string): void => {
    const native = explorer.natives.find(({ path }) => `=${path}` === value);
    if (native !== undefined) explorer.configure({ driver: { kind: "native", native } });
    else if (value === "corrected") explorer.configure({ driver: { kind: "edition", errata: [] } });
    else if (value === "illumos")
      explorer.configure({ driver: { kind: "edition", errata: ERRATA.map(({ id }) => id) } });
    else showErrata();
  };
  return (
    <select
      id="driver"
      value={driver.kind === "native" ? `=${driver.native.path}` : name}
      onChange={(event) => choose(event.currentTarget.value)}
    >
      <option value="corrected">corrected</option>
      <option value="illumos">illumos</option>
      {isPlain || driver.kind === "native" ? null : <option value={name}>{name}</option>}
      {explorer.natives.map(({ path }) => (
        <option key={path} value={`=${path}`}>
          {path}
        </option>
      ))}
      <option value="+">any set of errata…</option>
    </select>
  );
}

interface NumberSelectProps {
  readonly name: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly change: (value: number) => void;
}

function NumberSelect({ name, value, least, most, change }: NumberSelectProps) {
  const last = Math.max(most, value);
  const values = Array.from({ length: most - least + 1 }, (_, i) => least + i);
  return (
    <span class="field">
      <label for={name}>{name}</label>
      <select id={name} value={value} onChange={(event) => change(Number(event.currentTarget.value))}>
        {(last > most ? [...values, last] : values).map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </select>
    </span>
  );
}

/** Any set of errata: the driver is the corrected one with those. */
export function ErrataDialog({ close }: { readonly close: () => void }) {
  const explorer = useExplorer();
  const { driver } = explorer.state.setup;
  const on = new Set<ErratumId>(driver.kind === "edition" ? driver.errata : []);
  const set = (errata: readonly ErratumId[]): void => explorer.configure({ driver: { kind: "edition", errata } });
  return (
    <Modal title="Errata of the driver" close={close}>
      <p class="hint">
        What the driver does otherwise than the contract says. None: the corrected edition; all: what illumos ships.
      </p>
      <p class="buttons">
        <button type="button" onClick={() => set([])}>
          none
        </button>
        <button type="button" onClick={() => set(ERRATA.map(({ id }) => id))}>
          all
        </button>
      </p>
      <ul class="errata">
        {ERRATA.map(({ id, title, does }) => (
          <li key={id}>
            <label>
              <input
                type="checkbox"
                checked={on.has(id)}
                onChange={(event) =>
                  set(
                    ERRATA.map((erratum) => erratum.id).filter((each) =>
                      each === id ? event.currentTarget.checked : on.has(each),
                    ),
                  )
                }
              />
              <span>
                <strong>{id}</strong> {title}
              </span>
            </label>
            <details>
              <summary>
                What it does<span class="sr">: {id}</span>
              </summary>
              <p>{does}</p>
            </details>
          </li>
        ))}
      </ul>
    </Modal>
  );
}
