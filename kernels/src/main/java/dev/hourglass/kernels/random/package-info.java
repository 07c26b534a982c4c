/** Random numbers by the vector: those of {@code core.random}, to the bit. */
@KernelActivity(KernelActivity.Kind.ELEMENTWISE)
package dev.hourglass.kernels.random;

import dev.hourglass.kernels.KernelActivity;
