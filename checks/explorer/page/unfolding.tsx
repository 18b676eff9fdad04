import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

interface UnfoldingProps {
  readonly class: string;
  readonly summary: ComponentChildren;
  readonly isOpen: boolean;
  /** Made only once it is looked at. */
  readonly children: () => ComponentChildren;
}

/** Something that can be unfolded, and costs nothing before it is. */
export function Unfolding({ class: classes, summary, isOpen, children }: UnfoldingProps) {
  const [chosen, choose] = useState<boolean | null>(null);
  const open = chosen ?? isOpen;
  return (
    <details
      class={classes}
      open={open}
      onToggle={(event) => {
        if (event.currentTarget.open !== open) choose(event.currentTarget.open);
      }}
    >
      <summary>{summary}</summary>
      {open ? children() : null}
    </details>
  );
}
