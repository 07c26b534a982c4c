/** How the tokens of the down path come back into the up path. */
package dev.hourglass.architecture.part.skip;
