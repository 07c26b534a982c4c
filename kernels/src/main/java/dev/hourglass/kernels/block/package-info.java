/** Whole blocks of a layer, fused, with activation and dropout. */
@KernelActivity(KernelActivity.Kind.ELEMENTWISE)
package dev.hourglass.kernels.block;

import dev.hourglass.kernels.KernelActivity;
