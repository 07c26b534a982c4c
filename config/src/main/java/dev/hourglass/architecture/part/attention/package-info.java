/** How tokens look at each other: which ones, and by which likeness (HDiT, section 4.2). */
package dev.hourglass.architecture.part.attention;
