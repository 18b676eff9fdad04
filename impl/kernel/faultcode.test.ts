import test from "ava";
import { decodeFault, FC_PROT, objectFault } from "./faultcode.js";
import { EACCES, EFAULT, EINVAL } from "./services.js";

test("no fault decodes to 0", (t) => {
  t.is(decodeFault(0), 0);
});

test("a breach of protections decodes to EACCES", (t) => {
  t.is(decodeFault(FC_PROT), EACCES);
});

test("an object error decodes to its errno", (t) => {
  for (const errno of [EFAULT, EINVAL, 5, 255]) t.is(decodeFault(objectFault(errno)), errno);
});

test("anything else decodes to EFAULT", (t) => {
  for (const code of [1, 2, 3, 4, 7, 255, -1]) t.is(decodeFault(code), EFAULT);
});

test("no object error is mistaken for a breach of protections", (t) => {
  for (let errno = 1; errno < 256; errno++) t.not(objectFault(errno) & 0xff, FC_PROT);
});
