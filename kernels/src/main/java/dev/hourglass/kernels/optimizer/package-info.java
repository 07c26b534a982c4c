/** The optimiser's step. */
@KernelActivity(KernelActivity.Kind.ELEMENTWISE)
package dev.hourglass.kernels.optimizer;

import dev.hourglass.kernels.KernelActivity;
