/** Requests that nobody should send, and what a server may answer to them. */
package dev.hourglass.bench.serve.fuzz;
