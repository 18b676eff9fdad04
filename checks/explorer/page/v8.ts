/** What stands for Node's module of that name in a page: of a page's heap nothing is known, and it is never full. */
export function getHeapStatistics(): { readonly used_heap_size: number; readonly heap_size_limit: number } {
  return { used_heap_size: 0, heap_size_limit: Number.POSITIVE_INFINITY };
}
