/** What the machine has: the native libraries, the processor's vectors. */
@KernelActivity(KernelActivity.Kind.ELEMENTWISE)
package dev.hourglass.kernels.machine;

import dev.hourglass.kernels.KernelActivity;
