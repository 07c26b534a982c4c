/** The client of the image server that {@code hourglass serve} starts. */
package dev.hourglass.client;
