/** The RMS norm and its scales, and the norm of all gradients. */
@KernelActivity(KernelActivity.Kind.ELEMENTWISE)
package dev.hourglass.kernels.norm;

import dev.hourglass.kernels.KernelActivity;
