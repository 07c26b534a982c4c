/** Attention of every query to the window of keys around it. */
@KernelActivity(KernelActivity.Kind.ATTENTION)
package dev.hourglass.kernels.attention.neighborhood;

import dev.hourglass.kernels.KernelActivity;
