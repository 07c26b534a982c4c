/** Attention of every query to all keys, of an image or of a window. */
@KernelActivity(KernelActivity.Kind.ATTENTION)
package dev.hourglass.kernels.attention.dense;

import dev.hourglass.kernels.KernelActivity;
