/** Plain memory as kernels read and write it: addresses, vectors, scratch. For kernels alone. */
@KernelActivity(KernelActivity.Kind.MEMORY)
package dev.hourglass.kernels.memory;

import dev.hourglass.kernels.KernelActivity;
