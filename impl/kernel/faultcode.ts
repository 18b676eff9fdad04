import { EACCES, EFAULT } from "./services.js";

/**
 * Fault codes (contract section 2): a number whose low byte is the kind and whose next bits are the errno of an object
 * error. 0 is no fault.
 */
export type FaultCode = number;

/** An access beyond the protections. */
export const FC_PROT: FaultCode = 5;
const FC_OBJERR = 6;
const KIND_MASK = 0xff;
const ERRNO_SHIFT = 8;

/** The fault code of an object error with this errno. */
export function objectFault(errno: number): FaultCode {
  return (errno << ERRNO_SHIFT) | FC_OBJERR;
}

/** The errno that a fault code decodes to: FC_PROT to EACCES, an object error to its own, anything else to EFAULT; no fault to 0. */
export function decodeFault(code: FaultCode): number {
  if (code === 0) return 0;
  const kind = code & KIND_MASK;
  if (kind === FC_OBJERR) return code >> ERRNO_SHIFT;
  return kind === FC_PROT ? EACCES : EFAULT;
}
