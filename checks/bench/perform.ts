import type { Counts, ExploreTask, Task } from "./task.js";

/**
 * Gets everything ready that is not measured (imports, a driver on its machine), and returns what is. Each kind imports
 * only what it needs: whole processes are compared.
 */
export async function prepare(task: Task): Promise<() => Counts | Promise<Counts>> {
  switch (task.kind) {
    case "explore":
      return prepareExploration(task);
    case "specification":
      return (await import("./explorers/specification.js")).specification(task.scope);
    case "product":
      return (await import("./explorers/drivers.js")).product(task.driver, task.scope);
    case "calls":
      return (await import("./explorers/drivers.js")).calls(task.driver, task.calls);
    case "import":
      await import("./explorers/engine.js");
      return () => ({});
    case "nothing":
      return () => ({});
  }
}

async function prepareExploration({ explorer, model, size, workers }: ExploreTask) {
  switch (explorer) {
    case "engine": {
      const { byEngine } = await import("./explorers/engine.js");
      return () => byEngine(model, size, workers);
    }
    case "hand-packed": {
      const { packed } = await import("./explorers/packed.js");
      return packed(model, size);
    }
    case "XState + Map": {
      const { byMap } = await import("./explorers/map.js");
      return () => byMap(model, size);
    }
    case "getAdjacencyMap": {
      const { byAdjacencyMap } = await import("./explorers/graph.js");
      return () => byAdjacencyMap(model, size);
    }
    case "getShortestPaths": {
      const { byShortestPaths } = await import("./explorers/graph.js");
      return () => byShortestPaths(model, size);
    }
  }
}
