/** How a block's input is normalised and conditioned, and how its result is added (HDiT, 4.1). */
package dev.hourglass.architecture.part.norm;
