/** Cosine similarity with axial rotary positions: what happens to q and k before attention. */
@KernelActivity(KernelActivity.Kind.ELEMENTWISE)
package dev.hourglass.kernels.rotary;

import dev.hourglass.kernels.KernelActivity;
