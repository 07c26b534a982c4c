/** The threads that all kernels share, and how work is split between them. */
@KernelActivity(KernelActivity.Kind.ELEMENTWISE)
package dev.hourglass.kernels.parallel;

import dev.hourglass.kernels.KernelActivity;
