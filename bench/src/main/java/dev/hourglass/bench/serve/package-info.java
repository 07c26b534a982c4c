/** Programs that put a running image server to the test: load, overload, and hours of use. */
package dev.hourglass.bench.serve;
