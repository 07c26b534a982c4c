/** Softmax attention: what a pattern of it computes, and token rows to heads and back. */
@KernelActivity(KernelActivity.Kind.ELEMENTWISE)
package dev.hourglass.kernels.attention;

import dev.hourglass.kernels.KernelActivity;
