import test from "ava";
import { scripted } from "./answers.js";
import { PAGE_SIZE, SEGMENT_BASE } from "./services.js";
import { kernelUnderCall, outcomeOf, PAGES, panicOf } from "./testkit.js";

const WHOLE = PAGES * PAGE_SIZE;

test("finding and holding the vnode count a hold each, releasing drops one §4.vnode", (t) => {
  const kernel = kernelUnderCall();
  kernel.specfind();
  kernel.vn_hold();
  t.is(kernel.state.vnode.holds, 2);
  kernel.vn_rele();
  t.is(kernel.state.vnode.holds, 1);
});

test("releasing a vnode that nobody holds panics §4.vnode", (t) => {
  const kernel = kernelUnderCall();
  kernel.specfind();
  kernel.vn_rele();
  t.is(
    panicOf(() => kernel.vn_rele()),
    "vn_rele: no hold to drop",
  );
  t.is(kernel.state.vnode.holds, 0);
});

test("vop_addmap counts pages where the environment agrees", (t) => {
  const kernel = kernelUnderCall();
  t.is(kernel.vop_addmap(0, SEGMENT_BASE, WHOLE, "rw", "rwx"), 0);
  t.is(kernel.state.vnode.mappedPages, PAGES);
});

test("vop_addmap returns the errno that the environment answers, and counts nothing", (t) => {
  const kernel = kernelUnderCall({ answers: scripted([12]) });
  t.is(kernel.vop_addmap(0, SEGMENT_BASE, WHOLE, "rw", "rwx"), 12);
  t.is(kernel.state.vnode.mappedPages, 0);
  const { asked, calls } = outcomeOf(kernel);
  t.deepEqual(asked, [{ question: { kind: "addmap", seg: 0 }, answer: 12 }]);
  t.deepEqual(calls, [{ fn: "vop_addmap", seg: 0, page: 0, count: PAGES, prot: "rw", maxprot: "rwx", rc: 12 }]);
});

test("vop_delmap uncounts pages and asks nobody", (t) => {
  const kernel = kernelUnderCall();
  kernel.vop_addmap(0, SEGMENT_BASE, WHOLE, "rw", "rwx");
  t.is(kernel.vop_delmap(0, SEGMENT_BASE, PAGE_SIZE, "rw", "rwx"), 0);
  t.is(kernel.state.vnode.mappedPages, PAGES - 1);
  t.is(outcomeOf(kernel).asked.length, 1);
});

test("uncounting more pages than are mapped panics §4.vnode", (t) => {
  const kernel = kernelUnderCall();
  kernel.vop_addmap(0, SEGMENT_BASE, WHOLE, "rw", "rwx");
  t.is(
    panicOf(() => kernel.vop_delmap(0, SEGMENT_BASE, WHOLE + PAGE_SIZE, "rw", "rwx")),
    "vop_delmap: more pages than are mapped",
  );
  t.is(kernel.state.vnode.mappedPages, PAGES);
  t.like(outcomeOf(kernel).calls[1], { fn: "vop_delmap", count: PAGES + 1, rc: null });
});

test("mapping in an address space that is not there panics", (t) => {
  t.is(
    panicOf(() => kernelUnderCall().vop_addmap(1, SEGMENT_BASE, WHOLE, "rw", "rwx")),
    "no such address space",
  );
  t.is(
    panicOf(() => kernelUnderCall().vop_delmap(1, SEGMENT_BASE, 0, "rw", "rwx")),
    "no such address space",
  );
});
