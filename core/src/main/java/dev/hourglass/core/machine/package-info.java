/** The machine that we run on, as far as the system tells. */
package dev.hourglass.core.machine;
