/** Between the levels: merging, splitting, and the mix with the skip. */
@KernelActivity(KernelActivity.Kind.ELEMENTWISE)
package dev.hourglass.kernels.resample;

import dev.hourglass.kernels.KernelActivity;
