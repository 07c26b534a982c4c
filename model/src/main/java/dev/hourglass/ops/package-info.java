/** The operations that the backbone is made of, and their providers. */
package dev.hourglass.ops;
