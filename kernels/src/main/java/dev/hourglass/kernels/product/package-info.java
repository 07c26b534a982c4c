/** Matrix products on one thread, the forms that their operands take, gradients of weights. */
@KernelActivity(KernelActivity.Kind.ELEMENTWISE)
package dev.hourglass.kernels.product;

import dev.hourglass.kernels.KernelActivity;
