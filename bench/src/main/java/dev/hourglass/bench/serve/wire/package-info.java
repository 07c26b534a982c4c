/** HTTP by hand, for clients that no library would be: slow, gone, or wrong. */
package dev.hourglass.bench.serve.wire;
