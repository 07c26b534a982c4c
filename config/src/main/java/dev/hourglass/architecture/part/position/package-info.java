/** How tokens learn where they are. */
package dev.hourglass.architecture.part.position;
