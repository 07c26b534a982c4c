/** Requests being drawn: each image a thread that waits in the batcher. */
package dev.hourglass.serve.draw;
