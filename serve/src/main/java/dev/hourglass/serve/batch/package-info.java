/** Continuous batching: evaluations of many requests, at any noise levels, in shared passes. */
package dev.hourglass.serve.batch;
